"""Checks the reference bank's books: what is in the tables against what must be true of them.

Each check is one query, so that it sees one moment of the tables while payments go on, and a sentence for its rows.
"""

from faturat_server.bank.tables import BankEntry

UNBALANCED_POSTINGS = """
SELECT subject, kind, sum(amount)::bigint AS total
FROM bank_entry GROUP BY subject, kind HAVING sum(amount) <> 0
ORDER BY subject, kind
"""

# The bank's own accounts have a colon in their names and no row.
WRONG_BALANCES = """
SELECT account, coalesce('the balance ' || balance, 'no row') AS balance, coalesce(total, 0)::bigint AS total
FROM (SELECT id AS account, balance FROM bank_account) AS accounts
FULL JOIN (
    SELECT account, sum(amount) AS total FROM bank_entry WHERE account NOT LIKE '%:%' GROUP BY account
) AS entries USING (account)
WHERE balance IS DISTINCT FROM coalesce(total, 0)
ORDER BY account
"""

OVERDRAWN_ACCOUNTS = "SELECT id, balance FROM bank_account WHERE balance < 0 ORDER BY id"

# What the holds ask of the entries, against the entries that are there.
WRONG_ENTRIES = """
WITH asked AS (
    SELECT order_id AS subject, asked.*
    FROM bank_hold, LATERAL (VALUES
        ('held', 'hold', account, -amount),
        ('held', 'hold', 'held:' || currency, amount),
        ('captured', 'capture', 'held:' || currency, -amount),
        ('captured', 'capture', 'suspense:' || biller || ':' || currency, amount - fee),
        ('captured', 'capture', 'fee:' || currency, fee),
        ('released', 'release', 'held:' || currency, -amount),
        ('released', 'release', account, amount)
    ) AS asked (reached, kind, account, asked)
    WHERE asked <> 0 AND reached IN ('held', state)
), posted AS (
    SELECT subject, kind, account, sum(amount)::bigint AS posted
    FROM bank_entry WHERE kind <> 'opening' GROUP BY subject, kind, account
)
SELECT subject, kind, account, coalesce(asked, 0) AS asked, coalesce(posted, 0) AS posted
FROM asked FULL JOIN posted USING (subject, kind, account)
WHERE asked IS DISTINCT FROM posted
ORDER BY subject, kind, account
"""

CHECKS = (
    (UNBALANCED_POSTINGS, "The {kind} posting of {subject} sums to {total}, not to zero."),
    (WRONG_BALANCES, "Account {account} has {balance}; its entries sum to {total}."),
    (OVERDRAWN_ACCOUNTS, "Account {id} is overdrawn: its balance is {balance}."),
    (WRONG_ENTRIES, "Order {subject} has a {kind} entry of {posted} in {account}; its hold asks for {asked}."),
)


async def check_books() -> tuple[str, ...]:
    """One sentence for each fault, with amounts in minor units; none where the books are right."""
    return tuple([sentence.format_map(row) for query, sentence in CHECKS for row in await BankEntry.raw(query)])
