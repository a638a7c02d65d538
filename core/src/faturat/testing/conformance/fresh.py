"""Fresh references: valid ones, of the shape of the plugin's own examples, that the company does not know."""

from collections.abc import Callable
from itertools import count

from faturat.billers import Biller, Reference, ReferenceKind
from faturat.errors import FaturatError
from faturat.references import read_reference
from faturat.testing.company import Company
from faturat.testing.conformance.check import fail

TRIES = 20_000


def fresh_references(biller: Biller, company: Company) -> Callable[[ReferenceKind], Reference]:
    """A function that makes another reference of a kind at each call; raises CheckFailed where none is left."""
    numbers = count(1)

    def fresh(kind: ReferenceKind) -> Reference:
        reference = next(filter(None, (_of(kind, next(numbers)) for _ in range(TRIES))), None)
        if reference is None:
            fail(f"no other reference has the shape of the example of {kind.id!r}: its pattern allows too little")
        return reference

    def _of(kind: ReferenceKind, number: int) -> Reference | None:
        values = {field.id: varied(field.example, number) for field in kind.fields}
        try:
            read = read_reference(biller, kind.id, values, register=False)
        except FaturatError:
            return None
        contract = company.contract_of(read.reference)
        known = company.case_of(contract) is not None or company.books.subscriber(contract) is not None
        return None if known or read.warnings else read.reference

    return fresh


def varied(example: str, number: int) -> str:
    """The example with its digits counted on, and its letters where the digits are used up."""
    signs = list(example)
    digits = [place for place, sign in enumerate(signs) if sign.isdigit()]
    letters = [place for place, sign in enumerate(signs) if sign.isalpha()]
    for place in (*reversed(digits), *reversed(letters)):
        if signs[place].isdigit():
            number, digit = divmod(number + int(signs[place]), 10)
            signs[place] = str(digit)
        else:
            first = ord("a" if signs[place].islower() else "A")
            number, letter = divmod(number + ord(signs[place]) - first, 26)
            signs[place] = chr(first + letter)
    return "".join(signs)
