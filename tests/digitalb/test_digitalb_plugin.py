"""The plugin against its simulator over real sockets: every hook, and every magic reference."""

import time

import pytest
from digitalb_kit import CARD, NOBODY, ONE, PAID, SECRET, TWO, HandClock, gate, order, quote, read, reference

from faturat.errors import BillerError, FaturatError, UnknownReference
from faturat.payments.types import Rejected, Rejection, Settled, Unknown
from faturat.references import read_reference
from faturat.testing.books import CompanyContract
from faturat.testing.cases import Case
from faturat_digitalb import mapping
from faturat_digitalb.plugin import Digitalb
from faturat_digitalb.settings import Settings
from faturat_digitalb.simulator import Simulator


def test_what_the_biller_can_do() -> None:
    biller = Digitalb(Settings("http://127.0.0.1:1/billing", "k", SECRET)).describe_biller()
    assert (biller.id, biller.name) == ("digitalb", "DIGITALB")
    able = biller.capabilities
    assert (able.idempotent_pay, able.status_inquiry, able.live_quote, able.parts) == (False, False, True, False)
    assert (able.max_bulk, able.settles_later, able.not_found_final_after) == (10, None, None)


def test_length_is_the_banks_to_set() -> None:
    def length(**settings: int) -> int | None:
        biller = Digitalb(Settings("http://127.0.0.1:1/billing", "k", SECRET, **settings)).describe_biller()
        return biller.reference_kinds[0].fields[0].exact_length

    assert length() is None
    assert length(contract_length=7) == 7


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        (CARD, True),
        ("0123 4567 890", True),
        ("0123-4567-890", True),
        ("0123.4567.8901", True),
        ("１２３４５６７８９０１", True),
        (ONE, False),
        ("9000011", False),
        ("123456789", False),
        ("K-12345678901", False),
    ],
)
def test_a_number_of_the_cards_shape_is_warned_of_and_taken(typed: str, warned: bool) -> None:
    biller = Digitalb(Settings("http://127.0.0.1:1/billing", "k", SECRET)).describe_biller()
    taken = read_reference(biller, None, {"contract_number": typed}, register=True)
    assert [warning.field for warning in taken.warnings] == (["contract_number"] if warned else [])


def test_the_help_says_it_before_anything_is_typed() -> None:
    biller = Digitalb(Settings("http://127.0.0.1:1/billing", "k", SECRET)).describe_biller()
    help = biller.reference_kinds[0].fields[0].help
    assert help.sq.startswith("Numri i kontratës, jo numri i kartës smart.")
    assert help.en.startswith("The contract number, not the smart card's number.")


async def test_find_contract(plugin: Digitalb) -> None:
    assert (await plugin.find_contract(reference(ONE))).name == "Test Test"
    with pytest.raises(UnknownReference) as caught:
        await plugin.find_contract(reference(NOBODY))
    assert caught.value.hint is None


@pytest.mark.parametrize("typed", [CARD, "0123-4567-890"])
async def test_the_company_says_that_it_is_the_cards_number(plugin: Digitalb, clock: HandClock, typed: str) -> None:
    with pytest.raises(FaturatError) as caught:
        await gate(plugin, clock).find_contract(reference(typed))
    assert (caught.value.code, caught.value.field) == ("unknown_reference", "contract_number")
    assert caught.value.message("sq") == (
        "Kompania DIGITALB nuk e njeh këtë numër. Ky është numri i kartës smart. "
        "Vendosni numrin e kontratës, që gjendet në kontratën tuaj me DIGITALB. Shembull: 1000001."
    )
    assert caught.value.message("en") == (
        "DIGITALB does not know this number. This is the smart card's number. "
        "Enter the contract number, which is in your contract with DIGITALB. Example: 1000001."
    )
    bulk = await plugin.fetch_invoices((reference(typed), reference(ONE)))
    assert bulk[reference(typed)].hint == mapping.NOT_THE_CARD
    assert len(bulk[reference(ONE)]) == 1


async def test_fetch_answers_each_reference(plugin: Digitalb) -> None:
    asked = tuple(reference(each) for each in (ONE, TWO, PAID, NOBODY))
    answers = await plugin.fetch_invoices(asked)
    assert [invoice.number for invoice in answers[asked[0]]] == ["000000001"]
    assert [invoice.number for invoice in answers[asked[1]]] == ["000000002", "000000003"]
    assert answers[asked[2]] == (), "what was paid at a counter is neither owed nor a proof"
    assert isinstance(answers[asked[3]], UnknownReference)


async def test_more_contracts_than_one_request_may_carry(plugin: Digitalb, clock: HandClock) -> None:
    asked = tuple(reference(str(1000001 + each)) for each in range(23))
    answers = await gate(plugin, clock).fetch_invoices(asked)
    assert set(answers) == set(asked)
    assert sum(isinstance(answer, tuple) for answer in answers.values()) == 3


async def test_pay_and_see_it_in_the_history(plugin: Digitalb, simulator: Simulator, clock: HandClock) -> None:
    (before,) = await read(plugin, ONE)
    settled = await plugin.pay_invoice(order())
    assert isinstance(settled, Settled)
    assert (settled.receipt.number, settled.receipt.amount) == (simulator.books.booking(order().id).receipt, 1200_00)
    (after,) = await read(plugin, ONE)
    assert (after.invoice_key, after.total, after.paid_by_order) == (before.invoice_key, 1200_00, order().id)
    assert await quote(plugin, ONE) == ()
    clock.move(60 * 86_400)
    assert await read(plugin, ONE) == (after,)
    clock.move(1)
    assert await read(plugin, ONE) == ()


async def test_paid_twice_is_booked_once(plugin: Digitalb, simulator: Simulator) -> None:
    settled = await plugin.pay_invoice(order())
    assert await plugin.pay_invoice(order()) == settled
    assert await plugin.pay_invoice(order("pay_0194f0000002")) == Rejected(Rejection.ALREADY_PAID)
    assert [booking.order_id for booking in simulator.books.bookings()] == ["counter-1", order().id]


async def test_paid_at_a_counter_does_not_say_that_it_was_not_us(plugin: Digitalb) -> None:
    paid = order(number=PAID, invoice_key="000000004", amount=990_00)
    assert await plugin.pay_invoice(paid) == Unknown("already_paid_unclear")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 1200_01}, Rejection.AMOUNT_CHANGED),
        ({"amount": 600_00}, Rejection.AMOUNT_CHANGED),
        ({"number": NOBODY}, Rejection.UNKNOWN_REFERENCE),
        ({"number": TWO}, Rejection.NOT_ACCEPTED),
        ({"invoice_key": "000000009"}, Rejection.NOT_ACCEPTED),
        ({"currency": "EUR"}, Rejection.NOT_ACCEPTED),
    ],
)
async def test_what_the_company_refuses(
    plugin: Digitalb, simulator: Simulator, changes: dict[str, object], reason: Rejection
) -> None:
    assert await plugin.pay_invoice(order(**changes)) == Rejected(reason)
    assert simulator.books.booking(order().id) is None


async def test_a_name_with_markup_is_plain_text(plugin: Digitalb, simulator: Simulator) -> None:
    name = """<script>alert(1)</script> & "Test" 'Test' ]]> é"""
    simulator.books.add_contract(CompanyContract("1000005", name))
    assert (await plugin.find_contract(reference("1000005"))).name == name


@pytest.mark.parametrize("name", ["Test\u202eTest", "Test\nTest", "Test\u0085Test", "T" * 201, "Test\x00Test"])
async def test_a_name_with_control_characters_is_refused(
    plugin: Digitalb, simulator: Simulator, clock: HandClock, name: str
) -> None:
    simulator.books.add_contract(CompanyContract("1000005", name))
    with pytest.raises(FaturatError) as caught:
        await gate(plugin, clock).find_contract(reference("1000005"))
    assert caught.value.code in ("biller_bad_reply", "biller_unavailable")


@pytest.mark.parametrize("which", [Case.NO_DEBTS, Case.ONE, Case.MANY, Case.TWO_HUNDRED])
async def test_magic_references_with_so_many_instalments(
    plugin: Digitalb, simulator: Simulator, clock: HandClock, which: Case
) -> None:
    asked = simulator.case_reference(which)
    assert (await plugin.find_contract(asked)).name == "Test Test"
    found = (await gate(plugin, clock).fetch_invoices((asked,)))[asked]
    counts = {Case.NO_DEBTS: 0, Case.ONE: 1, Case.MANY: 12, Case.TWO_HUNDRED: 200}
    assert len(found) == counts[which]


async def pay_case(plugin: Digitalb, simulator: Simulator, which: Case) -> object:
    asked = simulator.case_reference(which)
    (instalment,) = (await plugin.fetch_invoices((asked,)))[asked]
    number = asked.values["contract_number"]
    return await plugin.pay_invoice(order(number=number, invoice_key=instalment.invoice_key, amount=instalment.total))


@pytest.mark.parametrize(
    ("which", "outcome"),
    [
        (Case.ALREADY_PAID, Rejected(Rejection.ALREADY_PAID)),
        (Case.CHANGED_TOTAL, Rejected(Rejection.AMOUNT_CHANGED)),
        (Case.REJECTS, Rejected(Rejection.NOT_ACCEPTED)),
        (Case.SETTLES_LATE, Unknown("result_in_progress")),
    ],
)
async def test_magic_references_that_are_paid(
    plugin: Digitalb, simulator: Simulator, clock: HandClock, which: Case, outcome: object
) -> None:
    assert await pay_case(plugin, simulator, which) == outcome
    clock.move(30)
    assert (simulator.books.booking(order().id) is not None) == (which is Case.SETTLES_LATE)


async def test_magic_references_that_are_not_answered(
    plugin: Digitalb, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownReference):
        await plugin.find_contract(simulator.case_reference(Case.UNKNOWN))
    with pytest.raises(BillerError) as caught:
        await plugin.find_contract(simulator.case_reference(Case.DOWN))
    assert caught.value.why == "http_503"
    monkeypatch.setattr("faturat.testing.company.SLOW_SECONDS", 0.1)
    began = time.monotonic()
    assert (await plugin.find_contract(simulator.case_reference(Case.SLOW))).name == "Test Test"
    assert time.monotonic() - began >= 0.1
