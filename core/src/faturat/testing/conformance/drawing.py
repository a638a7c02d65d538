"""What Hypothesis draws, and how: the same examples in each run, few of them, nothing kept in a folder."""

import re
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from faturat.billers import Biller, Reference, ReferenceField, ReferenceKind
from faturat.errors import FaturatError
from faturat.references import read_reference
from faturat.testing.conformance.check import fail
from faturat.testing.conformance.fresh import varied

T = TypeVar("T")

PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
MOST = 50_000_000_00
"""The largest amount that is drawn, in minor units; companies' own fields may hold no more."""


def for_all(strategy: st.SearchStrategy[T], holds: Callable[[T], None], examples: int) -> None:
    """Call `holds` with so many examples of a strategy; what it raises for one of them comes out."""
    settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )(given(strategy)(holds))()


def values(field: ReferenceField) -> st.SearchStrategy[str]:
    """What a field's pattern allows within its lengths, in printable ASCII: the rest is never taken."""
    if field.exact_length is None:
        return matching(field.pattern, field.max_length)
    counted = st.integers(0, 10**field.exact_length).map(lambda number: varied(field.example, number))
    return counted.filter(lambda value: re.fullmatch(field.pattern, value) is not None)


def matching(pattern: str, longest: int) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern), fullmatch=True, alphabet=PRINTABLE).filter(
        lambda value: 0 < len(value) <= longest
    )


def references(biller: Biller, kind: ReferenceKind) -> st.SearchStrategy[Reference]:
    """References of a kind as the host reads them from what its patterns allow."""

    def read(typed: dict[str, str]) -> Reference:
        try:
            return read_reference(biller, kind.id, typed, register=False).reference
        except FaturatError as error:
            fail(f"{typed} is refused: {error.code} for the field {error.field!r}")

    return st.fixed_dictionaries({field.id: values(field) for field in kind.fields}).map(read)


def minor_units() -> st.SearchStrategy[int]:
    """Amounts: small ones, those that binary fractions cannot write, large ones."""
    return st.one_of(
        st.sampled_from([1, 10, 29, 100, 57_00, 1707_40, 4_35, 1_15, 1234_56, 10_000_000_01]),
        st.integers(1, MOST),
    )
