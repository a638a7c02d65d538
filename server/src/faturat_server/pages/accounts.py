"""The account that a page has chosen for the customer before they choose."""

from collections.abc import Sequence

from faturat import Account


def usual_account(accounts: Sequence[Account], amount: int, currency: str) -> str:
    """The id of the first account that has enough, else of the one that has most; empty where there is none."""
    of_currency = [each for each in accounts if each.currency == currency] or accounts
    enough = (each for each in of_currency if each.available >= amount)
    chosen = next(enough, max(of_currency, key=lambda each: each.available, default=None))
    return "" if chosen is None else chosen.id
