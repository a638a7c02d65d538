"""Migration 0011 on rows of the version before: nobody is told again what they saw, or were told."""

from datetime import timedelta

from msgspec.structs import replace
from store_rows import NOW, contract, known, notice

from faturat.autopay.types import Autopay, Terms
from faturat.invoices.types import InvoiceState
from faturat.notices.types import NoticeEvent
from faturat.store.postgres import Database, PostgresStore
from faturat.store.postgres.piccolo_migrations.faturat_0011_autopay_seen import STATEMENTS

TERMS = Terms(account="a", most_per_invoice=1, most_per_month=1, days_before=0)


async def test_what_was_seen_and_told_before_is_known_after(database: Database) -> None:
    store, late = PostgresStore(database), NOW + timedelta(hours=2)
    one, other = contract("con_1"), contract("con_2")
    there, came = known("inv_1", one, "K1"), known("inv_2", one, "K2", read_at=late)
    paid = known("inv_3", one, "K3", state=InvoiceState.PAID)
    await store.add_contract(one, [there, came, paid])
    await store.add_contract(other, [])
    for each in (one, other):
        made = Autopay(contract=each.id, customer="c1", terms=TERMS, version=1, changed_at=NOW, due_at=NOW)
        assert await store.save_autopay(made)
    told, new = notice("not_1", came.id, event=NoticeEvent.AUTOPAY_LEFT), notice("not_2", came.id)
    assert await store.add_notices([told, new], []) == 2
    await database.fetch("ALTER TABLE autopay DROP COLUMN seen")
    for statement in STATEMENTS:
        await database.fetch(statement)
    autopay = await store.autopay(one.id)
    assert autopay is not None
    assert autopay.seen == (("K1", there.invoice.total),)
    autopay = await store.autopay(other.id)
    assert autopay is not None
    assert autopay.seen == ()
    assert await store.add_notices([replace(told, id="not_3", subject="con_1 K2")], []) == 0, "told already"
    assert await store.add_notices([replace(new, id="not_4")], []) == 0
