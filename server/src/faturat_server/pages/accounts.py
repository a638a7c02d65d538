"""The account that a page has chosen for the customer before they choose."""

from collections.abc import Sequence

from faturat import Account


def usual_account(accounts: Sequence[Account], amount: int, currency: str) -> str:
    """The id of the first account that has enough, else of the first one; empty where there is none."""
    enough = (each.id for each in accounts if each.currency == currency and each.available >= amount)
    return next(enough, accounts[0].id if accounts else "")
