"""Looking a contract up: the company's own name for it, its plain no, and nothing made of silence."""

from faturat.billers import Subscriber
from faturat.errors import FaturatError
from faturat.testing.cases import Case
from faturat.testing.conformance.bench import Bench
from faturat.testing.conformance.check import CALLED, check, expect, said

SILENT = ("error_500", "malformed", "empty", "garbage", "oversized")
"""Faults that leave a question without an answer."""


@check(
    "A contract that the company has is found, by the name that the company holds.",
    "Map the company's name field to Subscriber.name.",
)
def a_contract_is_found(bench: Bench) -> None:
    reference = bench.new_contract("Test Test 1")
    expect_subscriber(bench, bench.find(reference), "Test Test 1")
    other = bench.new_contract("Test Test 2")
    expect_subscriber(bench, bench.find(other), "Test Test 2")


@check(
    "A name keeps its letters.",
    "Read the reply in the company's own encoding, and say it in the request.",
)
def names_keep_their_letters(bench: Bench) -> None:
    for name in ("Tëst Çështja", "TËST ÇELËS SH.P.K.", "Test O'Test-Test"):
        expect_subscriber(bench, bench.find(bench.new_contract(name)), name)


@check(
    "Every kind of reference is looked up.",
    "Send each kind's own fields; the company knows them by contract_of() of the simulator.",
)
def every_kind_is_looked_up(bench: Bench) -> None:
    for kind in bench.biller.reference_kinds:
        answer = bench.find(bench.new_contract("Test Test", kind))
        expect(answer == Subscriber("Test Test"), f"a contract by its {kind.id!r} was answered by {said(answer)}")


@check(
    "A contract that the company does not know is UnknownReference.",
    "Raise UnknownReference on the company's own answer for that.",
)
def an_unknown_reference_is_said_so(bench: Bench) -> None:
    for reference in (bench.case(Case.UNKNOWN), bench.new_reference()):
        answer = bench.find(reference)
        unknown = isinstance(answer, FaturatError) and answer.code == "unknown_reference"
        expect(unknown, f"a reference that the company does not know was answered by {said(answer)}")


@check(
    "A company that does not answer has not said that a contract is unknown.",
    "Raise BillerError for a time-out, a status that is not expected and a reply that cannot be read.",
    CALLED,
)
def silence_is_no_unknown_reference(bench: Bench) -> None:
    reference = bench.new_contract()
    for fault in SILENT:
        bench.company.fault(fault)
        answer = bench.find(reference)
        silent = isinstance(answer, FaturatError) and answer.code in ("biller_unavailable", "biller_bad_reply")
        expect(silent, f"after {fault} the answer was {said(answer)}")
        bench.company.clear_faults()
    answer = bench.find(bench.case(Case.DOWN))
    silent = isinstance(answer, FaturatError) and answer.code == "biller_unavailable"
    expect(silent, f"a company that is down was answered for by {said(answer)}")


def expect_subscriber(bench: Bench, answer: object, name: str) -> None:
    expect(answer == Subscriber(name), f"the company knows {name!r}; the answer was {said(answer)}")
