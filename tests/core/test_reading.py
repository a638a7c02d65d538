"""What a plugin's mapping reads of a company's texts; nothing of them stands in what is raised."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faturat import BillerError, Statement, StatementEntry
from faturat.gate.call import code_of
from faturat.plugins.reading import (
    code_outside_the_table,
    read_amount,
    read_date,
    read_identifier,
    read_moment,
    whole_statement,
)

READERS = (read_amount, read_date, read_moment, read_identifier)


def test_what_fits() -> None:
    assert read_amount("1707.40") == 170_740
    assert read_date("2018-08-01") == date(2018, 8, 1)
    assert read_moment("2018-08-01T10:30:00+02:00") == datetime(2018, 8, 1, 8, 30, tzinfo=UTC)
    assert read_moment(datetime(2018, 8, 1, 8, 30, tzinfo=UTC)) == datetime(2018, 8, 1, 8, 30, tzinfo=UTC)
    assert read_identifier("A-1/2.x_3") == "A-1/2.x_3"


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (read_amount, "NaN", "bad_amount"),
        (read_amount, "-1.00", "bad_amount"),
        (read_amount, "1707,40", "bad_amount"),
        (read_amount, "1707.4", "bad_amount"),
        (read_date, "01.08.2018", "bad_date"),
        (read_date, "2018-02-30", "bad_date"),
        (read_moment, "2018-08-01T10:30:00", "bad_time"),
        (read_moment, "0001-01-01T00:00:00+14:00", "bad_time"),
        (read_identifier, "", "bad_identifier"),
        (read_identifier, "x" * 65, "bad_identifier"),
        (read_identifier, "1\n", "bad_identifier"),
    ],
)
def test_what_does_not_fit(read: Callable[[str], Any], text: str, why: str) -> None:
    with pytest.raises(BillerError) as caught:
        read(text)
    assert (caught.value.code, caught.value.why) == ("biller_bad_reply", why)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except BillerError as error:
            assert code_of(error.why) == error.why


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("IN_PROGRESS", "result_in_progress"),
        ("Test Test", "result_unreadable"),
        ("Test", "result_unreadable"),
        ("", "result_unreadable"),
    ],
)
def test_a_status_outside_the_table_keeps_its_words_only_where_they_are_no_name(status: str, code: str) -> None:
    assert code_outside_the_table("result", status) == code
    assert code_of(code) == code


@pytest.mark.parametrize(
    ("count", "total", "whole"),
    [("2", "3.00", True), ("2", "2.99", False), ("3", "3.00", False), ("02", "3.00", False), ("", "3.00", False)],
)
def test_a_statement_is_whole_where_the_companys_count_and_total_say_so(count: str, total: str, whole: bool) -> None:
    entries = [
        StatementEntry(
            order_id=f"pay_{amount}",
            receipt="R",
            amount=amount,
            currency="ALL",
            settled_at=datetime(2018, 8, 1, tzinfo=UTC),
        )
        for amount in (1_00, 2_00)
    ]
    if whole:
        assert whole_statement(iter(entries), count, total) == Statement(tuple(entries))
        return
    with pytest.raises(BillerError) as caught:
        whole_statement(entries, count, total)
    assert caught.value.why == "incomplete_statement"


def test_nothing_is_a_whole_statement_where_nothing_is_counted() -> None:
    assert whole_statement((), "0", "0.00") == Statement()
    with pytest.raises(BillerError, match="biller_bad_reply"):
        whole_statement((), "0", "nothing")
