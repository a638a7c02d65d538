"""Opens accounts at the reference bank; opening balances are postings too, from the bank's equity.

The bank's tables must be bound in this process: by the open plugin, or by Database.open(url, TABLES).
"""

from faturat_server.bank.tables import BankAccount

OPEN = """
WITH opened AS (
    INSERT INTO bank_account (id, customer, name, position, currency, balance) VALUES ({}, {}, {}, {}, {}, {})
    ON CONFLICT (id) DO NOTHING
    RETURNING *
)
INSERT INTO bank_entry (subject, kind, account, amount)
SELECT id, 'opening', entry.account, entry.amount
FROM opened, LATERAL (VALUES (id, balance), ('equity:' || currency, -balance)) AS entry (account, amount)
"""


async def open_account(
    account_id: str, customer: str, name: str, balance: int, *, position: int = 1, currency: str = "ALL"
) -> None:
    """Open an account with `balance` minor units; one that is there already stays as it is."""
    await BankAccount.raw(OPEN, account_id, customer, name, position, currency, balance)


async def seed_demo() -> None:
    """Open the accounts of the customer `demo`; at a second start nothing changes, spent money stays spent."""
    await open_account("demo-1", "demo", "Llogaria kryesore", 18_13, position=1)
    await open_account("demo-2", "demo", "Llogaria e kursimeve", 250_000_00, position=2)
