"""The reference bank's tables; all amounts in minor units of the account's currency.

Only customers' accounts are rows with a balance, for only they are decided on. The bank's own accounts are names in the
entries (`held:ALL`, `suspense:water:ALL`, `fee:ALL`, `equity:ALL`) and their balance is the sum of these: a stored one
would be a row for which every payment queues.
"""

from piccolo.columns import BigInt, BigSerial, SmallInt, Text, Timestamptz
from piccolo.table import Table


class BankAccount(Table, tablename="bank_account"):
    """A customer's account. The database refuses a balance below zero."""

    id = Text(primary_key=True)
    customer = Text()
    name = Text()
    position = SmallInt()
    """Where it stands in the customer's list, from 1; the first is the main account."""
    currency = Text()
    balance = BigInt()


class BankHold(Table, tablename="bank_hold"):
    """What was held for one order and what became of it; one row for each order, for good."""

    order_id = Text(primary_key=True)
    customer = Text()
    account = Text()
    biller = Text()
    amount = BigInt()
    """Fee included; 0 where the order was released before anything was held (a tombstone)."""
    fee = BigInt()
    currency = Text()
    state = Text()
    """held, captured or released."""
    expires_at = Timestamptz(null=True, default=None)
    """None where nothing was ever held."""


class BankEntry(Table, tablename="bank_entry"):
    """One side of a posting; the entries of one (subject, kind) are one posting and sum to zero."""

    id = BigSerial(primary_key=True)
    subject = Text()
    """The order's id; for an opening, the account's."""
    kind = Text()
    """hold, capture, release or opening."""
    account = Text()
    """A customer's account, or one of the bank's own by name."""
    amount = BigInt()
    """Above zero: to the account; below: from it."""
    posted_at = Timestamptz()


TABLES: list[type[Table]] = [BankAccount, BankHold, BankEntry]
