"""Faults planted by SQL on a real database: each is found, and its row is named."""

import re
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest
from fakes.clock import FakeClock
from fakes.site import Site, open_site
from msgspec.structs import replace

from faturat import PaymentState, verify
from faturat.checkpoints.signing import SigningKey
from faturat.payments.chain import event_hash
from faturat.payments.types import PaymentEvent

IDS = """
SELECT 'paid' AS name, max(id) AS id FROM payment WHERE state = 'paid' AND biller = 'fake'
UNION SELECT 'by_file', max(id) FROM payment WHERE state = 'paid' AND biller = 'files'
UNION SELECT 'carried', max(payment) FROM exchange_order JOIN payment ON id = payment WHERE state = 'pending'
UNION SELECT 'notice', max(id) FROM notice
UNION SELECT 'delivery', max(id) FROM delivery WHERE due_at IS NOT NULL
UNION SELECT 'done', max(id) FROM delivery WHERE due_at IS NULL
UNION SELECT 'paying', max(invoice) FROM payment WHERE state = 'held'
UNION SELECT 'later', max(id) FROM payment WHERE state IN ('failed', 'declined')
UNION SELECT 'later_live', max(id) FROM payment WHERE state IN ('held', 'holding')
UNION SELECT 'open', max(id) FROM invoice WHERE state = 'open'
UNION SELECT state, max(id) FROM payment WHERE state <> 'paid' AND biller = 'fake' GROUP BY state
"""

PLANTED = [
    # 1: the bank's own books
    (1, "ledger", "UPDATE bank_account SET balance = balance + 1 WHERE id = 'demo-2'"),
    (1, "ledger", "DELETE FROM bank_entry WHERE subject = '{paid}' AND kind = 'capture'"),
    # 2: places
    (2, "{later}", "DROP INDEX IF EXISTS payment_occupied; UPDATE payment SET state = 'paid', invoice_key = 'X'"
     " WHERE id IN ('{failed}', '{declined}')"),
    (2, "{later_live}", "DROP INDEX IF EXISTS payment_live; DROP INDEX IF EXISTS payment_occupied;"
     " UPDATE payment SET invoice_key = 'X', part = length(state) WHERE id IN ('{held}', '{holding}')"),
    (2, "{later}", "DROP INDEX IF EXISTS payment_scheduled; UPDATE payment SET state = 'scheduled', invoice = 'X'"
     " WHERE id IN ('{failed}', '{declined}')"),
    (2, "{open}", "UPDATE invoice SET state = 'paying' WHERE id = '{open}'"),
    (2, "{open}", "UPDATE invoice SET state = 'paid' WHERE id = '{open}'"),
    (2, "{paying}", "UPDATE invoice SET invoice_key = 'other' WHERE id = '{paying}'"),
    # 3: funds
    (3, "{paid}", "UPDATE payment SET receipt = NULL, settled_at = NULL WHERE id = '{paid}'"),
    (3, "{paid}", "UPDATE bank_hold SET state = 'held' WHERE order_id = '{paid}'"),
    (3, "{paid}", "UPDATE bank_hold SET amount = amount - 1 WHERE order_id = '{paid}'"),
    (3, "{failed}", "UPDATE bank_hold SET state = 'held' WHERE order_id = '{failed}'"),
    (3, "{unknown}", "UPDATE bank_hold SET state = 'released' WHERE order_id = '{unknown}'"),
    (3, "{held}", "DELETE FROM bank_hold WHERE order_id = '{held}'"),
    (3, "{created}", "UPDATE bank_hold SET order_id = '{created}' WHERE order_id = '{paid}'"),
    (3, "pay_lost", "INSERT INTO bank_hold SELECT 'pay_lost', customer, account, biller, amount, fee, currency, state,"
     " expires_at FROM bank_hold WHERE order_id = '{paid}'"),
    (3, "{failed}", "UPDATE payment SET receipt = other.receipt, settled_at = other.settled_at FROM payment AS other"
     " WHERE payment.id = '{failed}' AND other.id = '{paid}'"),
    # 4: amounts and orders
    (4, "{paid}", "UPDATE payment SET amount = amount + 1 WHERE id = '{paid}'"),
    (4, "{paid}", "UPDATE payment SET account = 'demo-1' WHERE id = '{paid}'"),
    (4, "{paid}", "UPDATE payment SET quoted_total = 1 WHERE id = '{paid}'"),
    (4, "{paid}", "UPDATE payment SET receipt = jsonb_set(receipt, '{{amount}}', '1') WHERE id = '{paid}'"),
    (4, "{by_file}", "INSERT INTO exchange_outgoing VALUES ('other', 'F', '', now(), now());"
     " UPDATE exchange_order SET biller = 'other', name = 'F' WHERE payment = '{by_file}'"),
    (4, "{created}", "UPDATE exchange_order SET payment = '{created}' WHERE payment = '{by_file}'"),
    # 6: keys
    (6, "{paid}", "DELETE FROM idempotency WHERE payment = '{paid}'"),
    (6, "{paid}", "INSERT INTO idempotency VALUES ('demo', 'again', '', '{paid}')"),
    (6, "{paid}", "UPDATE idempotency SET customer = 'other' WHERE payment = '{paid}'"),
    (6, "{paid}", "ALTER TABLE idempotency DROP CONSTRAINT idempotency_pkey; UPDATE idempotency SET key = 'one',"
     " customer = 'demo' WHERE payment IN ('{paid}', '{by_file}')"),
    # 8: notices and deliveries
    (8, "not_z", "DROP INDEX IF EXISTS notice_event; INSERT INTO notice SELECT 'not_z', customer, event, invoice,"
     " version, facts, created_at, subject FROM notice WHERE id = '{notice}'"),
    (8, "del_z", "DROP INDEX IF EXISTS delivery_subject; INSERT INTO delivery SELECT 'del_z', channel, hook, subject,"
     " version, due_at, deadline, attempts, done_at FROM delivery WHERE id = '{done}'"),
    (8, "{delivery}", "UPDATE delivery SET deadline = '2026-11-20 00:00+00' WHERE id = '{delivery}'"),
    (8, "{delivery}", "UPDATE delivery SET subject = 'not_gone' WHERE id = '{delivery}'"),
    # 9: the chain, and the row that repeats it
    (9, "{paid}", "UPDATE payment_event SET evidence = 'x' WHERE payment = '{paid}' AND version = 3"),
    (9, "{paid}", "UPDATE payment_event SET at = at + interval '1 second' WHERE payment = '{paid}' AND version = 1"),
    (9, "{paid}", "DELETE FROM payment_event WHERE payment = '{paid}' AND version = 3"),
    (9, "{paid}", "DELETE FROM payment_event WHERE payment = '{paid}' AND version = 1"),
    (9, "{paid}", "DELETE FROM payment_event WHERE payment = '{paid}'"),
    (9, "{paid}", "DELETE FROM payment_event WHERE payment = '{paid}' AND version = 7"),
    (9, "{paid}", "INSERT INTO payment_event SELECT payment, 8, at, before, after, reason, evidence, previous_hash,"
     " hash FROM payment_event WHERE payment = '{paid}' AND version = 7"),
    (9, "{paid}", "UPDATE payment_event SET version = -version + 100 WHERE payment = '{paid}' AND version IN (2, 3);"
     " UPDATE payment_event SET version = version - 95 WHERE payment = '{paid}' AND version > 90"),
    (9, "{paid}", "UPDATE payment SET version = version + 1 WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET chain_head = '' WHERE id = '{paid}'"),
    (9, "{failed}", "UPDATE payment SET state = 'declined' WHERE id = '{failed}'"),
    (9, "{failed}", "UPDATE payment SET reason = '' WHERE id = '{failed}'"),
    (9, "{paid}", "UPDATE payment SET state_since = state_since + interval '1 s' WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET submitted_at = NULL WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET hold_expires_at = now() WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET receipt = jsonb_set(receipt, '{{number}}', '\"R-1\"') WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET receipt = '[]' WHERE id = '{paid}'"),
    (9, "{paid}", "UPDATE payment SET reference = '7' WHERE id = '{paid}'"),
    # 9: checkpoints
    (9, "{declined}", "DELETE FROM idempotency WHERE payment = '{declined}'; DELETE FROM payment_event"
     " WHERE payment = '{declined}'; DELETE FROM payment WHERE id = '{declined}'"),
    (9, "{paid}", "UPDATE checkpoint_head SET head = '' WHERE payment = '{paid}'"),
    (9, "checkpoint 1", "UPDATE checkpoint_head SET head = '' WHERE payment = '{paid}'"),
    (9, "checkpoint 1", "DELETE FROM checkpoint_head WHERE payment = '{paid}'"),
    (9, "{paid}", "DELETE FROM checkpoint_head WHERE payment = '{paid}'"),
    (9, "checkpoint 1", "UPDATE checkpoint SET made_at = now()"),
    (9, "checkpoint 1", "UPDATE checkpoint SET payments = 1"),
    (9, "{paid}", "DELETE FROM checkpoint_head; DELETE FROM checkpoint"),
    # 10: somebody goes on
    (10, "{unknown}", "UPDATE payment SET due_at = NULL WHERE id = '{unknown}'"),
    (10, "{unknown}", "UPDATE payment SET due_at = '2026-11-20 00:00+00' WHERE id = '{unknown}'"),
    (10, "{unknown}", "UPDATE payment SET due_at = '2126-11-20 00:00+00' WHERE id = '{unknown}'"),
]  # fmt: skip


@pytest.fixture(scope="module")
async def spoiled_url(postgres_url: str, filled: tuple[str, FakeClock]) -> str:
    """One database for all faults; its rows stand a second time in the schema `kept`."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f"CREATE DATABASE spoiled TEMPLATE {filled[0]}")
    await connection.close()
    url = urlsplit(postgres_url)._replace(path="/spoiled").geturl()
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    copies = [f"CREATE TABLE kept.{table['name']} AS TABLE public.{table['name']};" for table in tables]
    await connection.execute(f"CREATE SCHEMA kept; {' '.join(copies)}")
    await connection.close()
    return url


@pytest.fixture
async def spoil(spoiled_url: str) -> AsyncIterator[Callable]:
    """Runs SQL behind the engine's back; afterwards every row is as it was."""
    connection = await asyncpg.connect(spoiled_url)
    yield connection.execute
    kept = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'kept'")
    tables = [row["name"] for row in kept]
    back = [f"DELETE FROM public.{name}; INSERT INTO public.{name} SELECT * FROM kept.{name};" for name in tables]
    await connection.execute(f"SET session_replication_role = replica; {' '.join(back)}")
    await connection.close()


@pytest.fixture(scope="module")
async def site(spoiled_url: str, filled: tuple[str, FakeClock], signer: SigningKey) -> AsyncIterator[Site]:
    async with open_site(spoiled_url, filled[1], signer) as site:
        yield site


async def ids(site: Site) -> dict[str, str]:
    return {row["name"]: row["id"] for row in await site.database.fetch(IDS)}


async def faults(site: Site, **arguments: object) -> list[tuple[int, str]]:
    report = await verify(site.faturat, **arguments)
    assert report.unchecked == ()
    return [(fault.invariant, fault.row) for fault in report.faults]


async def test_what_the_engine_left_holds_in_every_state(site: Site) -> None:
    report = await verify(site.faturat)
    assert report.faults == report.unchecked == report.notes == ()
    assert (report.payments, report.checkpoints) == (16, 1)
    states = {payment.state async for payment, _ in site.store.all_payments()}
    between = {PaymentState.SCHEDULED, PaymentState.CONFIRMING, PaymentState.CANCELLED, PaymentState.EXPIRED}
    assert states == set(PaymentState) - between - {PaymentState.NOT_SENT}


@pytest.mark.parametrize(("invariant", "row", "statements"), PLANTED)
async def test_a_planted_fault_is_found(site: Site, spoil: Callable, invariant: int, row: str, statements: str) -> None:
    known = await ids(site)
    await spoil(statements.format(**known))
    assert (invariant, row.format(**known)) in await faults(site)


def test_every_invariant_is_planted_here_or_in_a_rewritten_history() -> None:
    assert {invariant for invariant, _, _ in PLANTED} | {5, 7} == set(range(1, 11))


async def rewrite(site: Site, spoil: Callable, payment: str, change, **row: str) -> None:
    """Change a payment's events and make the whole chain anew, with its row: by itself it holds again."""
    previous = ""
    for event in [change(event) for event in await site.store.payment_events(payment)]:
        bare = replace(event, previous_hash=previous)
        previous = event_hash(bare)
        await spoil(
            "UPDATE payment_event SET (at, before, after, reason, evidence, previous_hash, hash)"
            " = ($3, $4, $5, $6, $7, $8, $9) WHERE payment = $1 AND version = $2",
            *(payment, event.version, event.at, event.before, event.after, event.reason, event.evidence),
            *(bare.previous_hash, previous),
        )
    fields = "".join(f", {name} = '{value}'" for name, value in row.items())
    await spoil(f"UPDATE payment SET chain_head = $2{fields} WHERE id = $1", payment, previous)


def later(event: PaymentEvent) -> PaymentEvent:
    return replace(event, evidence=re.sub("R-", "S-", event.evidence))


async def test_a_history_rewritten_whole_is_found_by_its_checkpoint_alone(site: Site, spoil: Callable) -> None:
    paid = (await ids(site))["paid"]
    await rewrite(site, spoil, paid, later)
    await spoil(f"UPDATE payment SET receipt = jsonb_set(receipt, '{{number}}', '\"S-{paid}\"') WHERE id = '{paid}'")
    assert await faults(site) == [(9, paid)]
    await spoil("DELETE FROM checkpoint_head")
    await spoil("DELETE FROM checkpoint")
    await spoil("UPDATE payment SET covered_version = 0")
    assert await faults(site) == [], "by itself it holds"
    assert "rewritten whole" in (await verify(site.faturat)).notes[0]


@pytest.mark.parametrize(
    ("name", "version", "invariant", "change"),
    [
        ("failed", 5, 5, {"evidence": "he said so"}),
        ("failed", 5, 5, {"evidence": ""}),
        ("paid", 6, 7, {"before": "paid", "after": "capturing"}),
        ("paid", 3, 7, {"after": "settled"}),
        ("paid", 3, 7, {"after": "lost"}),
        ("paid", 1, 7, {"after": "paid"}),
    ],
)
async def test_a_rewritten_way_is_found(
    site: Site, spoil: Callable, name: str, version: int, invariant: int, change: dict
) -> None:
    payment = (await ids(site))[name]
    await spoil("DELETE FROM checkpoint_head")

    def changed(event: PaymentEvent) -> PaymentEvent:
        return replace(event, **change) if event.version == version else event

    await rewrite(site, spoil, payment, changed)
    assert (invariant, payment) in await faults(site)


async def test_a_company_that_is_waited_for_longer_than_it_declares_is_found(site: Site, spoil: Callable) -> None:
    carried = (await ids(site))["carried"]
    for event in await site.store.payment_events(carried):
        if event.after == "submitting":
            before = "2026-11-01 00:00+00"
            await spoil(f"UPDATE payment SET submitted_at = '{before}' WHERE id = '{carried}'")
    assert (10, carried) in await faults(site)


@pytest.mark.parametrize("when", ["version = 1", "version = 2, read_at = payment.created_at + interval '1 second'"])
async def test_an_invoice_read_while_its_payment_ended_is_no_fault(site: Site, spoil: Callable, when: str) -> None:
    """The reading saw the payment live, and was stored when it had ended: the next reading mends it."""
    failed = (await ids(site))["failed"]
    await spoil(
        f"UPDATE invoice SET state = 'paying', {when}"
        f" FROM payment WHERE invoice.id = payment.invoice AND payment.id = '{failed}'"
    )
    assert await faults(site) == []


async def test_an_invoice_that_its_ended_payment_left_as_paying_is_one(site: Site, spoil: Callable) -> None:
    failed = (await ids(site))["failed"]
    await spoil(
        "UPDATE invoice SET state = 'paying', version = 2, read_at = payment.created_at - interval '1 second'"
        f" FROM payment WHERE invoice.id = payment.invoice AND payment.id = '{failed}'"
    )
    assert [invariant for invariant, _ in await faults(site)] == [2]
