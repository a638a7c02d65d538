"""Receipts without a server: their codes, what they say in other letters, and how a payment stands."""

from datetime import UTC, date, datetime

import pytest
from fakes.paper import read_paper
from fakes.world import World
from msgspec.structs import replace

from faturat import PaymentState, Text
from faturat.operators.cases import Adjustment, AdjustmentKind, Case, CaseSource, new_case
from faturat.operators.service import Decision
from faturat_server.receipts.codes import code_of, payment_of
from faturat_server.receipts.content import ReceiptContent, file_name
from faturat_server.receipts.pdf import receipt_pdf
from faturat_server.receipts.service import Receipts
from faturat_server.receipts.standing import Standing, standing_of
from faturat_server.settings import WebSettings

S = PaymentState
SECRET, PAYMENT = "secret", "pay_0194f0a1b2c00112233445566778899"
NOW = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
PUBLIC = "https://pay.bank.example"
OTHER_LETTERS = "Qendra e Shërbimit Žižkov č Άλφα Пример 水 ﬁ “ç” €"


def test_a_code_leads_to_its_payment_and_no_other_does() -> None:
    code = code_of(SECRET, PAYMENT)
    assert payment_of(SECRET, code) == payment_of(SECRET, f" {code.upper()} ") == PAYMENT
    for place, letter in enumerate(code):
        assert payment_of(SECRET, code[:place] + ("0" if letter != "0" else "1") + code[place + 1 :]) is None
    for wrong in ("", code[:-1], code + "0", PAYMENT, "ë" * 51, "\x00", "x" * 5000):
        assert payment_of(SECRET, wrong) is None
    assert payment_of("another", code) is None


async def test_other_letters_and_many_words_are_printed() -> None:
    content = await _content()
    long = tuple((Text(f"Fusha {number}", f"Field {number}"), OTHER_LETTERS + "W" * 150) for number in range(12))
    paper = read_paper(receipt_pdf(replace(content, facts=content.facts + long)))
    assert len(paper.pages) == 4
    assert "Qendra e Shërbimit Žižkov c ???? ?????? ? fi “ç” €" in paper.text
    assert "Fusha 11" in paper.text
    assert paper.codes == [content.address], "whole, on the last page"


async def test_a_pdf_is_the_same_each_time_and_says_its_language_and_title() -> None:
    content = await _content()
    written = receipt_pdf(content)
    assert written == receipt_pdf(content)
    assert b"/Lang (sq)" in written
    paper = read_paper(written)
    assert paper.title == f"Mandati i pagesës {content.receipt.number}"
    assert paper.created == f"{content.receipt.settled_at:D:%Y%m%d%H%M%SZ}", "not when it was written"
    assert read_paper(receipt_pdf(replace(content, address=""))).codes == []


async def _content() -> ReceiptContent:
    world = World()
    payment = await world.pay()
    return await Receipts(world.faturat, SECRET, PUBLIC).content("c1", payment.id, "sq")


def test_file_names() -> None:
    assert file_name("OSHEE", "000000001") == "faturat-OSHEE-000000001.pdf"
    assert file_name("Gjobat e Policisë", 'A/1"\r\n') == "faturat-Gjobat-e-Policise-A-1.pdf"
    assert file_name("水", "...") == "faturat.pdf"
    assert len(file_name("x" * 200, "1" * 200)) < 100


async def test_how_a_payment_stands() -> None:
    payment = await World().pay()
    paid = (Standing.PAID, None)
    assert standing_of(payment, []) == paid
    assert standing_of(replace(payment, state=S.CAPTURING), [])[0] is Standing.UNDER_WAY
    opened = new_case(payment, CaseSource.COMPANY, "rejected", NOW)
    assert standing_of(payment, [opened])[0] is Standing.QUESTIONED
    assert standing_of(payment, [_closed(opened, AdjustmentKind.NONE, 0)]) == paid
    assert standing_of(payment, [_closed(opened, AdjustmentKind.WRITE_OFF, 100)]) == paid
    refunds = [_closed(opened, AdjustmentKind.REFUND, 100), _closed(opened, AdjustmentKind.REFUND, 50), opened]
    standing, returned = standing_of(payment, refunds)
    assert standing is Standing.RETURNED
    assert returned is not None
    assert (returned.amount, returned.day) == (150, date(2026, 11, 29)), "the day is Albania's"


def _closed(case: Case, kind: AdjustmentKind, amount: int) -> Case:
    return replace(case, closed_at=NOW, adjustment=Adjustment(kind=kind, amount=amount, booking=""))


async def test_a_receipt_that_the_company_took_back_is_known_and_says_so() -> None:
    world = World()
    receipts = Receipts(world.faturat, SECRET, PUBLIC)
    world.bank.refuse_capture = True
    payment = await world.pay()
    code = code_of(SECRET, payment.id)
    found = await receipts.check(code)
    assert found is not None
    assert (found.standing, found.number) == (Standing.UNDER_WAY, f"R-{payment.id}")
    decision = Decision(version=payment.version, receipt=None, reason="u anulua", evidence="lista")
    assert (await world.faturat.operators.decide("op", payment.id, decision)).state is S.FAILED
    found = await receipts.check(code)
    assert found is not None
    assert (found.standing, found.number, found.amount) == (Standing.RETURNED, None, 170_740)
    assert found.returned is not None
    assert await receipts.check(code_of(SECRET, "pay_gone")) is None


@pytest.mark.parametrize(
    "wrong",
    ["pay.bank.example", "ftp://a.example", "https://a.example/", "https://a@b.example", "https://a b", "https://"],
)
def test_a_public_url_that_is_none_stops_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="public_url must be scheme and host alone"):
        WebSettings(public_url=wrong)
    assert WebSettings(public_url=PUBLIC).public_url == PUBLIC
