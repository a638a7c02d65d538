"""Contracts, the sweep, and one notice per new invoice."""

import asyncio
from datetime import timedelta

import pytest
from fakes.biller import make_invoice
from fakes.faults import Fault, Script
from fakes.world import World, loaded

from faturat import Contract, EngineSettings, FaturatError, InvoiceState, KnownInvoice, Payment, hookimpl
from faturat.contracts.service import MAX_CONTRACTS, UNDO
from faturat.hookspecs import ObserverSpec


async def register(world: World, name: str = "Home", customer: str = "c1", code: str = "AB12") -> Contract:
    return (await world.faturat.contracts.register(customer, "fake", None, {"code": code}, name)).contract


async def refused(world: World, **how: str) -> FaturatError:
    with pytest.raises(FaturatError) as caught:
        await register(world, **how)
    return caught.value


async def later(world: World, minutes: int = 16) -> None:
    world.clock.advance(timedelta(minutes=minutes))
    while await world.faturat.run_due():
        pass


async def test_registering_stores_the_subscriber_and_the_invoices_found(world: World) -> None:
    contract = await register(world)
    assert (contract.name, contract.subscriber) == ("Home", "Test Test")
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    assert (row.invoice.number, row.state) == ("F1", InvoiceState.OPEN)
    await later(world)
    assert world.listener.heard == [], "what was there at registration sends no notice"


async def test_the_same_reference_twice_is_refused_however_it_is_written(world: World) -> None:
    await register(world)
    error = await refused(world, name="Again", code=" ab 12")
    assert (error.code, error.field) == ("already_registered", "code")
    assert "“Home”" in error.message("sq")
    await register(world, customer="c2")


async def test_of_equal_registrations_at_once_one_is_stored(world: World) -> None:
    results = await asyncio.gather(*(register(world) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Contract) for result in results) == 1
    assert len(await world.faturat.contracts.of("c1")) == 1


@pytest.mark.parametrize(
    ("how", "code", "field"),
    [
        ({"code": "NOBODY"}, "unknown_reference", "code"),
        ({"code": ""}, "field_required", "code"),
        ({"name": " "}, "field_required", "name"),
        ({"name": "x" * 61}, "field_too_long", "name"),
        ({"name": "a\x07"}, "field_bad_characters", "name"),
    ],
)
async def test_bad_input_names_its_field_and_stores_nothing(
    world: World, how: dict[str, str], code: str, field: str
) -> None:
    error = await refused(world, **how)
    assert (error.code, error.field) == (code, field)
    assert await world.faturat.contracts.of("c1") == []


async def test_a_company_that_does_not_answer_is_said_so(world: World) -> None:
    world.biller.subscribers = {}
    world.biller.find_contract = None
    world.restart()
    error = await refused(world)
    assert error.code in ("biller_unavailable", "biller_bad_reply")


async def test_there_is_a_limit() -> None:
    world = World(settings=EngineSettings(look_ups_per_hour=MAX_CONTRACTS))
    for number in range(MAX_CONTRACTS):
        world.biller.subscribers[f"N{number}"] = "Test Test"
        world.biller.invoices[f"N{number}"] = []
        await register(world, code=f"N{number}")
    assert (await refused(world)).code == "too_many_contracts"


async def test_another_customers_contract_is_not_there(world: World) -> None:
    contract = await register(world, customer="c2")
    for call in (
        world.faturat.contracts.get("c1", contract.id),
        world.faturat.contracts.rename("c1", contract.id, "Mine"),
        world.faturat.contracts.remove("c1", contract.id),
    ):
        with pytest.raises(FaturatError) as caught:
            await call
        assert caught.value.code == "unknown_contract"


async def test_renamed_and_removed(world: World) -> None:
    contract = await register(world)
    assert (await world.faturat.contracts.rename("c1", contract.id, " My  flat ")).name == "My flat"
    await world.faturat.contracts.remove("c1", contract.id)
    assert await world.faturat.contracts.of("c1") == []
    assert await world.faturat.store.invoices("c1") == []
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    await later(world)
    assert world.listener.heard == []
    await register(world)


async def test_a_removal_is_undone_for_a_while(world: World) -> None:
    contracts, store = world.faturat.contracts, world.faturat.store
    contract = await register(world)
    await contracts.remove("c1", contract.id)
    with pytest.raises(FaturatError, match="unknown_contract"):
        await contracts.removed("c2", contract.id)
    with pytest.raises(FaturatError, match="unknown_contract"):
        await contracts.restore("c2", contract.id)
    assert (await contracts.removed("c1", contract.id)).until == world.clock.now() + UNDO
    world.clock.advance(UNDO)
    for _ in range(2):  # two clicks
        restored = await contracts.restore("c1", contract.id)
        assert (restored.id, restored.name, restored.checked_at) == (contract.id, contract.name, world.clock.now())
    assert [row.invoice.number for row in await store.invoices("c1")] == ["F1"]
    await later(world)
    assert world.listener.heard == [], "its invoices are not new"

    await contracts.remove("c1", contract.id)
    world.biller.script = Script([Fault.LOST] * 10)
    assert (await contracts.restore("c1", contract.id)).checked_at is None, "the company does not answer"
    world.biller.script = Script()
    await later(world)
    assert [row.invoice.number for row in await store.invoices("c1")] == ["F1"]
    assert world.listener.heard == []

    await contracts.remove("c1", contract.id)
    world.clock.advance(UNDO + timedelta(seconds=1))
    with pytest.raises(FaturatError, match="not_restorable"):
        await contracts.restore("c1", contract.id)
    await register(world)


async def test_a_rename_survives_a_reading_that_was_under_way(world: World) -> None:
    contract = await register(world)
    await world.faturat.contracts.rename("c1", contract.id, "New")
    await world.faturat.invoices.refresh(contract)
    assert (await world.faturat.contracts.get("c1", contract.id)).name == "New"


async def test_a_new_invoice_gives_exactly_one_notice(world: World) -> None:
    await register(world)
    world.biller.invoices["AB12"].append(make_invoice("F2", total=500))
    await later(world)
    await later(world)
    (notice,) = world.listener.heard
    assert (notice.facts.number, notice.facts.total, notice.facts.contract_name) == ("F2", 500, "Home")
    assert await world.faturat.store.notices("c1") == [notice]


async def test_a_delivery_that_fails_is_tried_again_with_the_same_id(world: World) -> None:
    await register(world)
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    world.listener.failures = 3
    for _ in range(6):
        await later(world)
    assert len(world.listener.heard) == 1


async def test_a_delivery_is_given_up_at_its_deadline_and_not_forgotten_before(world: World) -> None:
    await register(world)
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    world.listener.failures = 10**6
    for _ in range(100):
        await later(world, minutes=60)
    assert world.listener.heard == []
    assert await world.faturat.store.overdue_deliveries(world.clock.now()) == []


async def test_an_incomplete_answer_withdraws_nothing(world: World) -> None:
    contract = await register(world)
    del world.biller.invoices["AB12"]
    await later(world)
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    assert row.state is InvoiceState.OPEN
    assert (await world.faturat.contracts.get("c1", contract.id)).failures >= 1
    world.biller.invoices["AB12"] = []
    await later(world, minutes=600)
    (row,) = await world.faturat.store.invoices("c1", contract=contract.id)
    assert row.state is InvoiceState.WITHDRAWN


async def test_a_contract_whose_first_reading_failed_sends_no_notice_of_what_was_there(world: World) -> None:
    world.biller.script = Script([Fault.LOST])
    contract = await register(world)
    assert contract.checked_at is None
    await later(world)
    assert len(await world.faturat.store.invoices("c1", contract=contract.id)) == 1
    assert world.listener.heard == []


async def test_a_sweep_asks_in_bulk_and_each_contract_once(world: World) -> None:
    for number in range(8):
        world.biller.subscribers[f"N{number}"] = "Test Test"
        world.biller.invoices[f"N{number}"] = []
        await register(world, code=f"N{number}")
    world.clock.advance(timedelta(minutes=16))
    world.biller.bulks.clear()
    claimed = await asyncio.gather(world.faturat.invoices.sweep(), world.faturat.invoices.sweep())
    assert sum(claimed) == 8
    assert world.biller.bulks == [3, 3, 2]


async def test_whoever_listens_hears_of_every_change_after_its_commit(world: World) -> None:
    heard: list[tuple[str, str, int]] = []

    class Ledger:
        @hookimpl
        async def payment_changed(self, payment: Payment) -> None:
            heard.append(("payment", payment.state, payment.version))

        @hookimpl
        async def invoice_changed(self, invoice: KnownInvoice) -> None:
            heard.append(("invoice", invoice.state, invoice.version))

    world.observers = (loaded("ledger", Ledger(), ObserverSpec),)
    world.restart()
    await register(world)
    (row,) = await world.faturat.invoices.of("c1")
    await world.faturat.payments.pay("c1", row.id, "savings", 170_740, "k")
    assert heard == [], "nothing is told before the outbox is delivered"
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    await later(world)
    told = [each for each in heard if each[0] == "payment"]
    assert told == [("payment", "paid", 7)] * 7, "once per move, each with the payment as it now stands"
    assert ("invoice", "open", 1) in heard


async def test_what_is_gone_with_its_contract_is_owed_to_nobody(world: World) -> None:
    class Ear:
        @hookimpl
        async def invoice_changed(self, invoice: KnownInvoice) -> None:
            raise AssertionError("there is nothing to tell")

    world.observers = (loaded("ear", Ear(), ObserverSpec),)
    world.restart()
    contract = await register(world)
    world.biller.invoices["AB12"].append(make_invoice("F2", 500))
    world.clock.advance(timedelta(minutes=16))
    await world.faturat.invoices.sweep()
    await world.faturat.contracts.remove("c1", contract.id)
    await world.faturat.outbox.deliver()
    world.clock.advance(timedelta(days=1))
    assert await world.faturat.outbox.deliver() == 0, "it is not tried again"


async def test_refreshing_all_keeps_what_was_answered(world: World) -> None:
    world.biller.subscribers["CD34"] = "Test Test"
    world.biller.invoices["CD34"] = []
    first, second = await register(world), await register(world, code="CD34")
    del world.biller.invoices["CD34"]
    world.biller.invoices["AB12"].append(make_invoice("F2"))
    with pytest.raises(FaturatError) as caught:
        await world.faturat.invoices.refresh_all("fake", [first, second])
    assert caught.value.code == "biller_unavailable"
    assert len(await world.faturat.invoices.of("c1", contract=first.id)) == 2


async def test_quotes_that_nobody_paid_are_purged(world: World) -> None:
    unpaid, paid = await world.quote("c2"), (await world.pay()).invoice
    assert await world.faturat.invoices.purge_quotes() == 0
    world.clock.advance(timedelta(minutes=16))
    assert await world.faturat.invoices.purge_quotes() == 1
    assert await world.faturat.invoices.find("c2", unpaid) is None
    assert await world.faturat.invoices.find("c1", paid) is not None


async def test_a_look_up_quotes_nothing_that_the_company_booked(world: World) -> None:
    world.biller.invoices["AB12"] = [make_invoice("F1"), make_invoice("F2", paid_by_order="another-channel-1")]
    found = await world.faturat.invoices.look_up("c1", "fake", None, {"code": "AB12"})
    assert [quote.invoice.number for quote in found.quotes] == ["F1"]


async def test_a_contracts_history_is_never_open_and_sends_no_notice(world: World) -> None:
    contract = await register(world)
    await later(world)
    world.biller.invoices["AB12"].append(make_invoice("F0", paid_by_order="another-channel-1"))
    await later(world)
    rows = await world.faturat.invoices.of("c1", contract=contract.id)
    assert {row.invoice.number: row.state for row in rows} == {
        "F1": InvoiceState.OPEN,
        "F0": InvoiceState.PAID_ELSEWHERE,
    }
    assert world.listener.heard == []
