"""Swapping files: an exchange is pure, every order is carried once, and a cut file is never misread."""

from datetime import timedelta

from msgspec.structs import replace

from faturat.billers import Reference
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile, ExchangeReply
from faturat.payments.types import Order, Pending, Rejected, Settled
from faturat.testing.cases import Case
from faturat.testing.conformance.bench import EXCHANGES, Bench
from faturat.testing.conformance.check import BY_FILES, check, expect, fail, said

CUTS = (0.0, 0.3, 0.5, 0.9)
"""Where a file is cut, as a part of its length; and a byte before its end."""


@check(
    "pay_invoice only says that the order may be queued: it sends nothing and waits for nobody.",
    "Return Pending(); `exchange` writes the order into a file.",
    BY_FILES,
)
def paying_only_queues(bench: Bench) -> None:
    order = bench.order(*bench.owing())
    bench.company.fault("refused_connection")
    outcome = bench.call("pay_invoice", {"order": order})
    bench.run(bench.company.listen())
    expect(outcome == Pending(), f"with the company out of reach pay_invoice came to {said(outcome)}")
    expect(not bench.booked(order), "pay_invoice itself had something booked")


@check(
    "An exchange is repeatable: the same arguments bring the same answer, an hour later, and without the company.",
    "Make files of the orders and their days alone: no clock, no random name, no state, no I/O.",
    BY_FILES,
)
def an_exchange_is_repeatable(bench: Bench) -> None:
    orders, inbox = queued(bench, 3), ready(bench)
    first = exchanged(bench, inbox, orders)
    bench.clock.move(timedelta(hours=1))
    other = bench.open_plugin()
    bench.company.fault("refused_connection")
    with bench.using(other):
        again = exchanged(bench, inbox, orders)
    bench.run(bench.company.listen())
    expect(again.files == first.files, "the same orders made other files an hour later")
    expect(again == first, "the same arguments brought another register or other outcomes")


@check(
    "Every queued order is carried by exactly one file.",
    "Write each order into one file, and name its id in that file's `orders`.",
    BY_FILES,
)
def every_order_is_carried_once(bench: Bench) -> None:
    orders = queued(bench, 5)
    carried = [order for file in exchanged(bench, (), orders).files for order in file.orders]
    expect(sorted(carried) == sorted(order.id for order in orders), f"5 orders were queued, {len(carried)} are carried")


@check(
    "Other orders go under another file name: what lies at the company under a name already is left as it is.",
    "Derive the name from the orders in the file, for example by a hash of their ids.",
    BY_FILES,
)
def other_orders_make_another_file(bench: Bench) -> None:
    orders = queued(bench, 3)
    names = [file.name for order in orders for file in exchanged(bench, (), (order,)).files]
    expect(len(set(names)) == len(names), f"three exchanges of other orders made the files {names}")


@check(
    "A file that is sent twice is booked once.",
    "Leave a file that lies there under its name as it is.",
    BY_FILES,
)
def a_file_sent_twice_is_booked_once(bench: Bench) -> None:
    orders = queued(bench, 2)
    reply = exchanged(bench, (), orders)
    for _ in range(2):
        bench.run(bench.opened.gate.send_files(reply.files))
        bench.exchange()
    bench.exchange()
    for order in orders:
        booked = len(bench.booked(order))
        expect(booked == 1, f"a file was sent twice, and an order in it was booked {booked} times")
        outcomes = [outcome for heard, outcome in bench.host.heard if heard == order.id]
        expect(
            all(isinstance(outcome, Settled | Pending) for outcome in outcomes),
            f"a file was sent twice, and an order in it came to {said(outcomes)}",
        )


@check(
    "A file that was cut is incomplete, and nothing of it is read.",
    "Know a file's end by its own trailer or count; without it name the file in `incomplete`.",
    BY_FILES,
)
def a_cut_file_is_never_misread(bench: Bench) -> None:
    bench.settle(bench.order(*bench.owing()))
    bench.owing()
    bench.host.known.clear()
    inbox = ready(bench)
    expect(bool(inbox), "the company has no file ready, and it was asked for all")
    for file in inbox:
        whole = exchanged(bench, (file,), ())
        for length in {*(int(len(file.content) * part) for part in CUTS), len(file.content) - 1}:
            cut = exchanged(bench, (replace(file, content=file.content[:length]),), ())
            untouched = cut.incomplete == (file.name,) and not cut.register and not cut.outcomes
            expect(untouched or cut == whole, f"{length} of {len(file.content)} bytes of a file were read: {said(cut)}")


@check(
    "A file that cannot be read keeps no other from being read.",
    "Pass over a file that is not understood, or name it in `incomplete`; raise nothing.",
    BY_FILES,
)
def garbage_spoils_no_other_file(bench: Bench) -> None:
    reference, _ = bench.owing()
    bench.host.known.clear()
    inbox = ready(bench)
    garbage = (ExchangeFile("0-garbage", bytes(range(256))), ExchangeFile("z-garbage.csv", b"\xff;1;2\n"))
    reply = exchanged(bench, (*garbage, *inbox), ())
    expect(reference in {entry.reference for entry in reply.register}, "beside garbage a good file was not read")


@check(
    "Files that were taken in are not collected again.",
    "Leave out the names in `known`, before their content is fetched.",
    BY_FILES,
)
def known_files_are_not_collected_again(bench: Bench) -> None:
    bench.owing()
    files = ready(bench)
    bench.host.known |= {file.name for file in files}
    again = bench.call("collect_files", {"known": frozenset(bench.host.known)})
    expect(again == (), f"with all its files known the company's folder brought {said(again)}")


@check(
    "Files that could not be sent are an error, and are sent again.",
    "Raise BillerError from send_files where one could not be put there whole.",
    BY_FILES,
)
def files_that_were_not_sent_are_an_error(bench: Bench) -> None:
    orders = queued(bench, 1)
    reply = exchanged(bench, (), orders)
    bench.company.fault("refused_connection")
    answer = bench.call("send_files", {"files": reply.files})
    expect(isinstance(answer, FaturatError), f"with the company out of reach send_files answered {said(answer)}")
    bench.run(bench.company.listen())
    bench.run(bench.opened.gate.send_files(reply.files))
    for _ in range(EXCHANGES):
        bench.exchange()
    expect(len(bench.booked(orders[0])) == 1, "a file that was sent at the second try was not booked once")


@check(
    "A company that cannot be reached has not said that no file is ready.",
    "Raise BillerError from collect_files.",
    BY_FILES,
)
def silence_is_no_empty_inbox(bench: Bench) -> None:
    bench.company.fault("refused_connection")
    answer = bench.call("collect_files", {"known": frozenset()})
    bench.run(bench.company.listen())
    expect(isinstance(answer, FaturatError), f"with the company out of reach collect_files answered {said(answer)}")


@check(
    "Orders of one exchange have each its own outcome.",
    "Match the company's results by the order's id.",
    BY_FILES,
)
def each_order_has_its_own_outcome(bench: Bench) -> None:
    refused: Reference = bench.case(Case.REJECTS)
    orders = [*queued(bench, 2), bench.order(refused, bench.only_invoice(refused)), *queued(bench, 2)]
    for order in orders:
        bench.host.queue(order)
    for _ in range(EXCHANGES):
        bench.exchange()
    for order in orders:
        outcome = bench.host.outcomes.get(order.id)
        if order.reference == refused:
            expect(isinstance(outcome, Rejected), f"the order that the company refuses came to {said(outcome)}")
        else:
            right = isinstance(outcome, Settled) and outcome.receipt.amount == order.amount
            expect(right, f"among five orders one of {order.amount} came to {said(outcome)}")


def queued(bench: Bench, count: int) -> tuple[Order, ...]:
    """Orders of fresh contracts, each with another amount, that pay_invoice would have answered with Pending."""
    owing = [bench.new_contract() for _ in range(count)]
    for place, reference in enumerate(owing):
        bench.new_invoice(reference, 1000_00 + place)
    read = bench.fetch(*owing)
    invoices = {reference: entry for reference, entry in read.items() if not isinstance(entry, FaturatError)}
    expect(
        all(len(invoices.get(each, ())) == 1 for each in owing), "one invoice of each contract is owed, and not read"
    )
    return tuple(bench.order(reference, invoices[reference][0]) for reference in owing)


def ready(bench: Bench) -> tuple[ExchangeFile, ...]:
    """The files that lie ready at the company, a day's end later."""
    bench.pass_day()
    return bench.run(bench.opened.gate.collect_files(frozenset(bench.host.known)))


def exchanged(bench: Bench, inbox: tuple[ExchangeFile, ...], orders: tuple[Order, ...]) -> ExchangeReply:
    """What the hook answers, without the gate."""
    reply = bench.call("exchange", {"inbox": inbox, "queued_orders": orders})
    if not isinstance(reply, ExchangeReply):
        fail(f"exchange answered {said(reply)}")
    return reply
