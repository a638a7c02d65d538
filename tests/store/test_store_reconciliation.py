"""Reconciliations and the payments that they ask for, on the memory store and on PostgreSQL."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from store_rows import NOW, SECOND, created, moved
from test_store_postgres import fill, plans, recorded

from faturat import Finding, FindingKind, Payment, PaymentState, Receipt, Reconciliation, ReconciliationHead
from faturat.reconciliation.types import Note, Totals
from faturat.store.port import Store
from faturat.store.postgres import APP, Database, PostgresStore

DAY = date(2026, 3, 1)
ONE_DAY = timedelta(days=1)


async def stored(
    store: Store, payment_id: str, state: PaymentState, settled_at: datetime | None = NOW, **changes: Any
) -> Payment:
    plan = created(payment_id, **({"invoice_key": payment_id} | changes))
    assert await store.commit(plan)
    receipt = None if settled_at is None else Receipt("R1", settled_at, 170740)
    plan = moved(plan.payment, state, receipt=receipt)
    assert await store.commit(plan)
    return plan.payment


def finding(order_id: str = "pay_1", **changes: Any) -> Finding:
    usual = {
        "kind": FindingKind.MATCHED,
        "order_id": order_id,
        "state": PaymentState.PAID,
        "amount_here": 100,
        "amount_there": 100,
        "receipt_here": "R1",
        "receipt_there": "ë\"'\\",
        "settled_here": NOW,
        "settled_there": NOW,
        "notes": (Note.LISTED_ON_ANOTHER_DAY,),
        "listed_on": DAY,
    }
    return Finding(**(usual | changes))


def made(reconciliation_id: str = "rec_1", *findings: Finding, **changes: Any) -> Reconciliation:
    usual = {
        "id": reconciliation_id,
        "biller": "oshee",
        "day": DAY,
        "made_at": NOW,
        "currency": "ALL",
        "file": "oshee-2026-03-01.xml",
        "sha256": "5" * 64,
        "totals": Totals(matched=1, amount_here=100, amount_there=100),
        "content": bytes(range(256)),
        "findings": findings,
    }
    return Reconciliation(**(usual | changes))


def head(whole: Reconciliation) -> ReconciliationHead:
    return ReconciliationHead(**{name: getattr(whole, name) for name in ReconciliationHead.__struct_fields__})


async def test_payments_are_found_by_when_they_settled(store: Store) -> None:
    first = await stored(store, "pay_2", PaymentState.PAID)
    last = await stored(store, "pay_1", PaymentState.CAPTURING, NOW + ONE_DAY - timedelta(microseconds=1))
    await stored(store, "pay_3", PaymentState.PAID, NOW + ONE_DAY)
    await stored(store, "pay_4", PaymentState.PAID, NOW - timedelta(microseconds=1))
    await stored(store, "pay_5", PaymentState.PAID, biller="water")
    assert await store.settled_payments("oshee", NOW, NOW + ONE_DAY) == [last, first]
    assert await store.settled_payments("gas", NOW, NOW + ONE_DAY) == []


# of scheduled ones an invoice has one, see test_store_scheduled
@pytest.mark.parametrize("state", [each for each in PaymentState if each is not PaymentState.SCHEDULED])
async def test_only_what_settled_and_is_not_undone_counts(store: Store, state: PaymentState) -> None:
    counts = state in {PaymentState.SETTLED, PaymentState.CAPTURING, PaymentState.PAID, PaymentState.UNDER_REVIEW}
    with_receipt = await stored(store, "pay_1", state)
    await stored(store, "pay_2", state, None)
    found = await store.settled_payments("oshee", NOW, NOW + SECOND)
    assert found == ([with_receipt] if counts else [])


async def test_a_receipt_that_is_taken_back_is_not_found_any_more(store: Store) -> None:
    payment = await stored(store, "pay_1", PaymentState.UNDER_REVIEW)
    again = moved(payment, PaymentState.SETTLED, receipt=Receipt("R2", NOW + ONE_DAY, 170740))
    assert await store.commit(again)
    assert await store.settled_payments("oshee", NOW, NOW + SECOND) == []
    assert await store.settled_payments("oshee", NOW + ONE_DAY, NOW + 2 * ONE_DAY) == [again.payment]
    assert await store.commit(moved(again.payment, PaymentState.REJECTED, receipt=None))
    assert await store.settled_payments("oshee", NOW, NOW + 2 * ONE_DAY) == []


async def test_payments_are_found_by_id_at_their_biller_alone(store: Store) -> None:
    first, second = [await stored(store, each, PaymentState.FAILED, None) for each in ("pay_1", "pay_2")]
    await stored(store, "pay_3", PaymentState.FAILED, None, biller="water")
    assert await store.payments_of("oshee", ["pay_2", "pay_3", "pay_1", "pay_x", "pay_1"]) == [first, second]
    assert await store.payments_of("oshee", []) == []


async def test_a_reconciliation_is_kept_whole(store: Store) -> None:
    bare = finding("pay_2", state=None, amount_here=None, settled_here=None, notes=(), listed_on=None, receipt_here="")
    whole = made("rec_1", finding(), bare)
    await store.save_reconciliation(whole)
    assert await store.reconciliation("rec_1") == whole
    assert await store.reconciliation("rec_2") is None


async def test_the_newest_come_first_without_their_findings(store: Store) -> None:
    rows = [made(f"rec_{number}", finding(), day=DAY - number * ONE_DAY) for number in range(3)]
    for row in (rows[1], rows[2], rows[0], made("rec_9", biller="water")):
        await store.save_reconciliation(row)
    assert await store.reconciliations("oshee", 9) == [head(rows[2]), head(rows[1]), head(rows[0])]
    assert await store.reconciliations("oshee", 2) == [head(rows[2]), head(rows[1])]


async def test_on_which_other_day_an_order_was_listed(store: Store) -> None:
    there = ("pay_1", "pay_2", "pay_3")
    await store.save_reconciliation(made("rec_1", *map(finding, there)))
    await store.save_reconciliation(made("rec_2", finding("pay_1"), day=DAY + ONE_DAY))
    await store.save_reconciliation(made("rec_3", finding("pay_4", amount_there=None), day=DAY + ONE_DAY))
    await store.save_reconciliation(made("rec_4", finding("pay_4"), biller="water"))
    await store.save_reconciliation(made("rec_5", finding("pay_4"), day=DAY + 63 * ONE_DAY))
    await store.save_reconciliation(made("rec_6", finding("pay_5"), day=DAY + 62 * ONE_DAY))
    asked = ["pay_1", "pay_2", "pay_4", "pay_5"]
    assert await store.listed_on("oshee", DAY, asked) == {"pay_5": DAY + 62 * ONE_DAY}
    assert await store.listed_on("oshee", DAY + ONE_DAY, asked) == {"pay_1": DAY, "pay_2": DAY} | {
        "pay_4": DAY + 63 * ONE_DAY,
        "pay_5": DAY + 62 * ONE_DAY,
    }
    assert await store.listed_on("oshee", DAY - ONE_DAY, ["pay_1"]) == {"pay_1": DAY}, "the newer list of its day"
    await store.save_reconciliation(made("rec_7", finding("pay_1"), day=DAY + 2 * ONE_DAY))
    assert await store.listed_on("oshee", DAY - ONE_DAY, ["pay_1"]) == {"pay_1": DAY + 2 * ONE_DAY}, "the last day"
    assert await store.listed_on("oshee", DAY, []) == {}


async def test_they_find_their_rows_by_index(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(database)
    await database.fetch(
        "UPDATE payment SET settled_at = created_at - interval '1 day',"
        ' receipt = \'{"number": "R", "settled_at": "2026-02-28T00:00:00Z", "amount": 1}\' WHERE state = \'paid\''
    )
    await database.fetch(
        "INSERT INTO reconciliation SELECT 'rec_' || n, 'b' || n / 100, date '2020-01-01' + n, now(), 'ALL', 'f', 's',"
        " '', '{}', '[]' FROM generate_series(1, 5000) AS n"
    )
    await database.fetch("ANALYZE")
    store = PostgresStore(database)
    with recorded(monkeypatch) as statements:
        assert await store.settled_payments("oshee", NOW, NOW + ONE_DAY) == []
        assert len(await store.payments_of("oshee", ["pay_x1", "pay_x2"])) == 2
        assert await store.reconciliations("oshee", 10) == []
        assert await store.reconciliation("rec_x") is None
        assert await store.listed_on("oshee", DAY, ["pay_1"]) == {}
    assert len(statements) == 5
    for statement, parameters in statements:
        for plan in await plans(database, statement, parameters):
            assert "Seq Scan on" not in plan, f"{statement}\n{plan}"


async def test_payments_of_the_schema_before_are_found(empty_database_url: str) -> None:
    """What settled before this version has its moment in the receipt alone."""
    database = await Database.open(empty_database_url)
    await database.migrate([APP])
    await database.fetch("ALTER TABLE payment DROP COLUMN settled_at CASCADE")
    await database.fetch("DROP TABLE reconciliation")
    await database.fetch("DELETE FROM migration WHERE name = '0005'")
    receipt = '{"number": "R", "settled_at": "2026-03-01T12:00:00.123456Z", "amount": 100}'
    await database.fetch(
        "INSERT INTO payment SELECT 'pay_' || n, 'c', 'a', 'oshee', $1::jsonb, 'k' || n, 1, 100, 0, 'ALL', now(), 'i',"
        " 100, 'paid', 1, now(), NULL, now(), '', '', NULL, NULL, NULL, 0, CASE n WHEN 1 THEN $2::jsonb END"
        " FROM generate_series(1, 2) AS n",
        '{"kind": "contract", "values": {}}',
        receipt,
    )
    await database.migrate([APP])
    await database.close()
    database = await Database.open(empty_database_url, APP.table_classes)
    found = await PostgresStore(database).settled_payments("oshee", NOW, NOW + SECOND)
    await database.close()
    assert [each.id for each in found] == ["pay_1"]
