"""The catalogue: every text of the templates in Albanian, and none that no template has."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from fakes.world import World
from msgspec.structs import replace

from faturat import FaturatError, Language, Order, PaymentState, Reference, Text
from faturat.audit import AuditAction
from faturat.notices import wording as notice_words
from faturat.operators.cases import AdjustmentKind, CaseSource
from faturat.operators.service import Decision
from faturat.payments.rules import create
from faturat.payments.states import TERMINAL
from faturat.payments.timing import Timing
from faturat.payments.types import IdempotencyKey, Rejection
from faturat.text import LANGUAGES
from faturat_server.pages.amounts import read_amount
from faturat_server.pages.operator_words import ACTIONS, ADJUSTMENTS, SOURCES, STATES
from faturat_server.pages.payments import STAGES
from faturat_server.pages.rendering import own_path, write_date, write_moment
from faturat_server.pages.wording import CATALOGUE, read_wording
from faturat_server.wording import decision_effect, payment_message, span

TEMPLATES = files("faturat_server.pages").joinpath("templates")
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def _texts() -> set[Any]:
    found = set()
    for template in TEMPLATES.iterdir():
        with template.open("rb") as file:
            found |= {message for _, message, *_ in extract("jinja2.ext:babel_extract", file, options=OPTIONS)}
    return found


def test_every_text_has_an_albanian_translation_and_none_is_left_over() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = {message.id: message for message in read_po(file, locale="sq") if message.id}
    assert set(map(_key, catalogue)) == set(map(_key, _texts()))
    for message in catalogue.values():
        assert not message.fuzzy
        assert all(message.string if isinstance(message.string, tuple) else (message.string,)), message.id
        assert list(message.check()) == [], message.id


def _key(message: Any) -> Any:
    return tuple(message) if isinstance(message, (tuple, list)) else message


@pytest.mark.parametrize("known", [True, False], ids=["loaded", "not loaded"])
@pytest.mark.parametrize("reason", [*Rejection, "no_such_reason"])
async def test_each_reason_has_words_on_the_page_of_its_payment(reason: str, known: bool) -> None:
    world = World()
    await world.quote()
    failed = replace(await world.pay(), state=PaymentState.FAILED, reason=reason)
    if not known:
        failed = replace(failed, order=replace(failed.order, biller="gone"))
    for language in LANGUAGES:
        said = payment_message(world.faturat, failed, language)
        assert said
        assert "{" not in said


@pytest.mark.parametrize(
    "reason",
    [
        "already_paid",
        "amount_changed",
        "expired",
        "hold_too_short",
        "not_accepted",
        "not_sent",
        "returned_after_review",
    ],
)
async def test_the_page_of_a_payment_and_its_notice_say_the_same_of_money_that_was_reserved(reason: str) -> None:
    world = World()
    await world.quote()
    world.biller.reject = Rejection.ALREADY_PAID
    failed = await world.pay()
    [notice] = await world.faturat.notices("c1")
    assert failed.state is PaymentState.FAILED
    for language, words in (("sq", "u kthyen"), ("en", "returned in full")):
        assert words in payment_message(world.faturat, replace(failed, reason=reason), language)
        assert words in notice_words.body(notice, language)
    ended = replace(failed, state=PaymentState.CANCELLED, hold_expires_at=None, reason="already_paid")
    assert payment_message(world.faturat, ended, "en").endswith("None of your money was taken.")


def test_counted_words() -> None:
    one, many = "%(count)s contract", "%(count)s contracts"
    assert [read_wording("sq").ngettext(one, many, count) for count in (0, 1, 2)] == [
        "%(count)s kontrata",
        "%(count)s kontratë",
        "%(count)s kontrata",
    ]
    assert read_wording("en").ngettext(one, many, 1) == one


def test_no_company_is_named() -> None:
    """Companies come from plugins alone."""
    names = {"oshee", "albtelecom", "digitalb", "ukt", "gjobat"}
    for name, text in _sources():
        words = {word.casefold().strip(".,:;()'\"") for word in text.split()}
        assert not words & names, name


def _sources() -> Iterator[tuple[str, str]]:
    yield "messages.po", CATALOGUE.read_text("utf-8")
    for folder in (TEMPLATES, files("faturat_server.pages")):
        for file in folder.iterdir():
            if file.name.endswith((".html", ".py")):
                yield file.name, file.read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "language", "minor"),
    [
        ("1707.40", "sq", 170740),
        ("1.707,40", "sq", 170740),
        ("1707,40 ALL", "sq", 170740),
        (" 1.707 ", "sq", 170700),
        ("0,50", "sq", 50),
        ("1 707,40", "sq", 170740),
        ("1\u202f234\u00a0567.00", "en", 123456700),
        ("007", "sq", 700),
        ("1,707.40", "en", 170740),
        ("1,707.40", "sq", 170740),
        ("1.707,40", "en", 170740),
        ("1707,40", "en", 170740),
        ("1,707", "en", 170700),
        ("1.234.567", "en", 123456700),
        ("1707", "en", 170700),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, language: Language, minor: int) -> None:
    assert read_amount(typed, language) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "-1,00",
        "1,7",
        "1.70.40",
        "1 70,40",
        "1 2",
        "1 707,400",
        "1.707 400",
        "12 345.678",
        "1 707.400,00",
        "1.707.40",
        "1,707",
        "1,707,40",
        "١٢",
        "1e3",
        "9" * 40,
        "NaN",
        "\x00",
        "0.500",
        "1.000.000.000.000",
    ],
)
def test_other_amounts_are_refused(typed: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_amount(typed, "sq")
    assert refused.value.code == "bad_amount"
    assert refused.value.field == "amount"
    assert refused.value.message("sq").endswith("p.sh. 1.707,40.")
    assert refused.value.message("en").endswith("for example 1,707.40.")


@pytest.mark.parametrize("typed", ["", "  ", " all "])
def test_an_amount_that_is_not_there_is_asked_for(typed: str) -> None:
    with pytest.raises(FaturatError) as refused:
        read_amount(typed, "sq")
    assert (refused.value.code, refused.value.field) == ("amount_required", "amount")


def test_no_language_guesses_what_the_other_one_means() -> None:
    assert read_amount("1.707", "sq") == 1_707_00 == read_amount("1,707", "en")
    for typed, language in (("1.707", "en"), ("1,707", "sq")):
        with pytest.raises(FaturatError, match="bad_amount"):
            read_amount(typed, language)


def test_dates_and_times_are_albanian() -> None:
    assert write_date(date(2018, 8, 1)) == "01.08.2018"
    assert write_moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "02.07.2026 00:30"
    assert write_moment(datetime(2026, 1, 15, 9, 0, tzinfo=UTC)) == "15.01.2026 10:00"


@pytest.mark.parametrize(
    ("length", "sq", "en"),
    [
        (timedelta(), "0 sek", "0 s"),
        (timedelta(seconds=59.9), "59 sek", "59 s"),
        (timedelta(hours=2, minutes=5, seconds=3), "2 orë 5 min", "2 h 5 min"),
        (timedelta(days=3, minutes=7), "3 ditë", "3 d"),
        (timedelta(days=400, hours=1), "400 ditë 1 orë", "400 d 1 h"),
    ],
)
def test_spans_of_time(length: timedelta, sq: str, en: str) -> None:
    assert span(length) == Text(sq, en)


def test_every_code_that_operators_see_has_words() -> None:
    for words, codes in ((STATES, PaymentState), (ACTIONS, AuditAction), (SOURCES, CaseSource)):
        assert set(words) == set(codes)
    assert set(ADJUSTMENTS) == set(AdjustmentKind)


def test_a_decision_says_what_it_does_to_amount_and_fee() -> None:
    world = World()
    order = Order(
        id="pay_1",
        customer="c1",
        account="savings",
        biller="fake",
        reference=Reference("contract", {"code": "AB12"}),
        invoice_key="F1",
        amount=100_00,
        fee=5_00,
        currency="ALL",
        created_at=world.clock.now(),
    )
    plan = create(order, "inv_1", 100_00, IdempotencyKey(customer="c1", key="k", body_hash=""), Timing())
    settled = Decision(version=1, receipt="R", reason="a", evidence="b")
    assert decision_effect(world.faturat, plan.payment, settled).en == (
        "105.00 ALL are taken from account savings of customer c1; Fake gets 100.00 ALL."
    )
    assert decision_effect(world.faturat, plan.payment, replace(settled, receipt=None)).sq == (
        "105,00 ALL kthehen të plota te llogaria savings e klientit c1. Kompania Fake nuk merr asgjë."
    )


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "", "/a\nb", "javascript:alert(1)"]
)
def test_no_form_leads_to_another_server(path: str) -> None:
    assert own_path(path) == "/"


def test_a_path_of_our_own_is_kept() -> None:
    assert own_path("/faturat/fatura/inv_1?a=b") == "/faturat/fatura/inv_1?a=b"


def test_no_payment_that_ended_is_shown_as_under_way() -> None:
    assert set(STAGES) == TERMINAL | {
        PaymentState.SCHEDULED,
        PaymentState.PENDING,
        PaymentState.UNKNOWN,
        PaymentState.UNDER_REVIEW,
    }
