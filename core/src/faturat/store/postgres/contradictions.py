"""What rows say against each other: a query for each kind, which answers with the row that is wrong and with words.

Each is one statement, so it sees one moment of the tables, and every plan and reading is one step between two moments:
on a live database no half of one is ever seen.
"""

from faturat.payments.states import ENDED_LIVE, LIVE, OCCUPYING
from faturat.store.postgres.columns import literals

MOST = 100
"""The most rows of one kind that are named: they have one cause."""


_OF_INVOICE = """payment.biller = invoice.biller AND payment.invoice_key = invoice.invoice_key
    AND payment.part = invoice.part"""

_TWO_AT_ONE_PLACE = f"""
SELECT max(id) AS row, 'live or paid beside ' || min(id) AS what FROM payment
WHERE state IN ({literals(OCCUPYING)})
GROUP BY biller, invoice_key, part HAVING count(*) > 1
"""

_TWO_OF_ONE_INVOICE = f"""
SELECT max(id) AS row, 'live beside ' || min(id) AS what FROM payment
WHERE state IN ({literals(LIVE)})
GROUP BY biller, invoice_key HAVING count(*) > 1
"""

_TWO_SCHEDULED = """
SELECT max(id) AS row, 'scheduled beside ' || min(id) AS what FROM payment
WHERE state = 'scheduled'
GROUP BY invoice HAVING count(*) > 1
"""

_PAID_BY_NOBODY = f"""
SELECT id AS row, 'paid, and no payment of it is' AS what FROM invoice
WHERE state = 'paid' AND NOT EXISTS (SELECT FROM payment WHERE {_OF_INVOICE} AND state = 'paid')
"""

# one that ended between a reading's look at it and its commit left it so, until the next reading; clocks may be apart
_PAYING_BY_NOBODY = f"""
SELECT id AS row, 'paying, and no payment of it is live' AS what FROM invoice
WHERE state = 'paying' AND NOT EXISTS (
    SELECT FROM payment WHERE {_OF_INVOICE}
        AND (state IN ({literals(LIVE)}) OR state IN ({literals(ENDED_LIVE)}) AND (invoice.version = 1
            OR invoice.read_at > (
                SELECT min(at) FROM payment_event WHERE payment_event.payment = payment.id AND after = 'holding'
            )
            AND invoice.read_at <= payment.state_since + interval '1 minute'))
)
"""

_OF_ANOTHER_BILLER = """
SELECT payment AS row,
    'its order for ' || payment.biller || ' is in the file ' || name || ' to ' || carried.biller AS what
FROM exchange_order AS carried JOIN payment ON payment.id = carried.payment
WHERE carried.biller <> payment.biller
"""

_CARRIED_UNSUBMITTED = """
SELECT payment AS row, 'its order is in the file ' || name || ', and it was never submitted' AS what
FROM exchange_order AS carried JOIN payment ON payment.id = carried.payment
WHERE payment.submitted_at IS NULL
"""

_TWO_OF_ONE_KEY = """
SELECT max(payment) AS row, 'one key leads to it and to ' || min(payment) AS what FROM idempotency
GROUP BY customer, key HAVING count(*) > 1
"""

_TWO_KEYS = """
SELECT payment AS row, count(*) || ' keys lead to it' AS what FROM idempotency GROUP BY payment HAVING count(*) > 1
"""

_NO_KEY = """
SELECT id AS row, 'no key leads to it' AS what FROM payment
WHERE NOT EXISTS (SELECT FROM idempotency WHERE idempotency.payment = payment.id)
"""

_KEY_OF_ANOTHER = """
SELECT payment AS row, 'the key of another customer leads to it' AS what
FROM idempotency JOIN payment ON payment.id = idempotency.payment
WHERE idempotency.customer <> payment.customer
"""

_TWO_NOTICES = """
SELECT max(id) AS row, 'says the same as ' || min(id) AS what FROM notice
GROUP BY customer, event, subject, version HAVING count(*) > 1
"""

_TWO_DELIVERIES = """
SELECT max(id) AS row, 'owes the same as ' || min(id) AS what FROM delivery
GROUP BY channel, hook, subject, version HAVING count(*) > 1
"""

_ABOUT_NOTHING = """
SELECT id AS row, 'owed about ' || subject || ', which is not there' AS what FROM delivery
WHERE due_at IS NOT NULL AND (
    hook = 'deliver_notice' AND NOT EXISTS (SELECT FROM notice WHERE notice.id = delivery.subject)
    OR hook = 'payment_changed' AND NOT EXISTS (SELECT FROM payment WHERE payment.id = delivery.subject)
)
"""

_GONE = """
SELECT payment AS row, 'gone; checkpoint ' || max(checkpoint) || ' has it at ' || max(version) AS what
FROM checkpoint_head AS covered
WHERE NOT EXISTS (SELECT FROM payment WHERE payment.id = covered.payment)
GROUP BY payment
"""

_REWRITTEN = """
SELECT covered.payment AS row,
    'checkpoint ' || min(checkpoint) || ' has another event ' || min(covered.version) || ' of it' AS what
FROM checkpoint_head AS covered JOIN payment ON payment.id = covered.payment
LEFT JOIN payment_event AS event ON event.payment = covered.payment AND event.version = covered.version
WHERE event.hash IS DISTINCT FROM covered.head
GROUP BY covered.payment
"""

_COVERED_BY_NOTHING = """
SELECT id AS row, 'marked as covered at ' || covered_version || ', and no checkpoint has it so' AS what FROM payment
WHERE covered_version > 0 AND NOT EXISTS (
    SELECT FROM checkpoint_head AS covered WHERE covered.payment = id AND covered.version = covered_version
)
"""

_KINDS = (
    (2, _TWO_AT_ONE_PLACE),
    (2, _TWO_OF_ONE_INVOICE),
    (2, _TWO_SCHEDULED),
    (2, _PAID_BY_NOBODY),
    (2, _PAYING_BY_NOBODY),
    (4, _OF_ANOTHER_BILLER),
    (4, _CARRIED_UNSUBMITTED),
    (6, _TWO_OF_ONE_KEY),
    (6, _TWO_KEYS),
    (6, _NO_KEY),
    (6, _KEY_OF_ANOTHER),
    (8, _TWO_NOTICES),
    (8, _TWO_DELIVERIES),
    (8, _ABOUT_NOTHING),
    (9, _GONE),
    (9, _REWRITTEN),
    (9, _COVERED_BY_NOTHING),
)

CONTRADICTIONS = tuple((invariant, f"{query.rstrip()}\nORDER BY 1 LIMIT {MOST}") for invariant, query in _KINDS)
