"""The bench itself: alone, fresh each time, and plain about what went wrong."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from file_company import FileCompany
from file_model import FileModel
from model import Model
from model_company import ModelCompany
from msgspec.structs import replace

from faturat import Settled, Subscriber
from faturat.references import read_reference
from faturat.testing.conformance import Bench, CheckFailed, NoSuchPlugin, Subject, find_subject, run_check
from faturat.testing.conformance.check import CHECKS

SUBJECT = Subject("model", Model, ModelCompany)


def test_each_bench_has_a_fresh_company() -> None:
    with Bench(SUBJECT) as first:
        order = first.order(*first.owing())
        assert isinstance(first.pay(order), Settled)
    with Bench(SUBJECT) as second:
        assert second.company.books.bookings() == ()
        assert second.booked(order) == ()


def test_fresh_references_are_valid_and_none_is_known_or_made_twice() -> None:
    with Bench(SUBJECT) as bench:
        for kind in bench.biller.reference_kinds:
            made = [bench.new_reference(kind) for _ in range(150)]
            assert len(set(made)) == len(made)
            for reference in made:
                read = read_reference(bench.biller, kind.id, reference.values, register=False)
                assert (read.reference, read.warnings) == (reference, ())
                assert bench.company.books.subscriber(bench.company.contract_of(reference)) is None


def test_a_pattern_that_allows_one_value_leaves_no_fresh_one() -> None:
    class OnlyOne(Model):
        code = replace(Model.biller.reference_kinds[0].fields[0], pattern="AB12", look_alikes=())
        kind = replace(Model.biller.reference_kinds[0], fields=(code,))
        biller = replace(Model.biller, reference_kinds=(kind,))

    with Bench(Subject("model", OnlyOne, ModelCompany)) as bench, pytest.raises(CheckFailed, match="allows too little"):
        bench.new_contract()


def test_no_other_event_loop_is_touched() -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        with Bench(SUBJECT) as bench:
            bench.find(bench.new_contract())
            assert asyncio.get_event_loop() is loop
        assert asyncio.get_event_loop() is loop
        assert not loop.is_closed()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def test_what_takes_too_long_ends() -> None:
    with Bench(SUBJECT) as bench, pytest.raises(CheckFailed, match="longer than 0 seconds"):
        bench.run(asyncio.sleep(60), seconds=0.01)


def test_a_time_out_of_the_plugins_own_is_no_time_out_of_the_bench() -> None:
    async def raising() -> None:
        raise TimeoutError

    with Bench(SUBJECT) as bench, pytest.raises(TimeoutError):
        bench.run(raising())


def test_an_exception_that_is_not_ours_is_named() -> None:
    class Falls(Model):
        def subscriber(self, reply: Any) -> Subscriber:
            raise KeyError("name")

    with Bench(Subject("model", Falls, ModelCompany)) as bench, pytest.raises(CheckFailed, match="raised KeyError"):
        bench.call("find_contract", {"reference": bench.new_contract()})


def test_files_pay_through_exchanges_and_the_clock_goes_on_by_them() -> None:
    with Bench(Subject("files", FileModel, FileCompany)) as bench:
        started = bench.clock.now()
        reference, invoice = bench.owing()
        assert isinstance(bench.pay(bench.order(reference, invoice)), Settled)
        assert bench.unpaid(reference) == ()
        assert bench.clock.now() - started >= timedelta(days=2)


def test_a_plugin_that_does_not_open_fails_with_the_reason() -> None:
    class Closed(Model):
        async def open(self, context: Any) -> None:
            raise RuntimeError("no way in")

    result = run_check(CHECKS["a_payment_settles"], Subject("model", Closed, ModelCompany))
    assert result.status == "failed"
    assert "RuntimeError: no way in" in result.what


def test_a_plugin_that_does_not_load_says_why_once() -> None:
    class Misspelt(Model):
        api = 7

    subject = Subject("model", Misspelt, ModelCompany)
    assert "set `api = 1`" in run_check(CHECKS["loads_as_the_host_loads_it"], subject).what
    other = run_check(CHECKS["a_payment_settles"], subject)
    assert (other.status, "does not load" in other.what) == ("does_not_apply", True)


def test_what_the_simulator_raises_is_told() -> None:
    class Falls(ModelCompany):
        def _find(self, asked: dict[str, Any]) -> object:
            raise ZeroDivisionError

    result = run_check(CHECKS["a_contract_is_found"], Subject("model", Model, Falls))
    assert result.status == "failed"
    assert "The simulator itself raised ZeroDivisionError" in result.what


def test_a_distribution_without_a_plugin() -> None:
    with pytest.raises(NoSuchPlugin, match="names 0 plugins"):
        find_subject("faturat")
