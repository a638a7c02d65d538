"""What benches begin with, by name: a registered contract, one that is due, orders queued for a file, a file sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from crash_kit import ClockAhead, Heard, Prepared, Side, database_name, hours, preparing
from crash_receivers import receivers

from faturat import Faturat
from faturat.clock import SystemClock
from faturat.host import Host
from faturat.testing.books import IssuedInvoice
from faturat_albtelecom.simulator import FIRST_CONTRACT
from faturat_albtelecom.simulator import Simulator as Albtelecom
from faturat_oshee.simulator import GUIDE_CONTRACT
from faturat_oshee.simulator import Simulator as Oshee

DIARY = "diary"


@asynccontextmanager
async def diary(folder: Path) -> AsyncIterator[Heard]:
    """The diary of doomed_server is loaded."""
    yield Heard({"diary": {"file": str(folder / DIARY)}})


OSHEE = Side("oshee", Oshee)
WATCHED = Side("oshee", Oshee, listen=diary)
TOLD = Side("oshee", Oshee, listen=receivers)
EVERY = timedelta(hours=1)
"""Between two swaps of files: a server that a trial starts comes to one of them."""
ALBTELECOM = Side("albtelecom", lambda data: Albtelecom(data, tick=None), {"exchange_every": EVERY.total_seconds()})
NEW_INVOICE = "000000777"
LATER = hours(hours=1, minutes=5)
"""After which another swap is due."""


async def registered(host: Host, side: Side, code: dict[str, str]) -> tuple[str, int]:
    """Register a contract of one open invoice; its id and total."""
    await host.faturat.contracts.register("demo", side.biller, None, code, "Test Test")
    (row,) = await host.faturat.invoices.of("demo")
    return row.id, row.invoice.total


async def one_contract(url: str, folder: Path) -> Prepared:
    async with preparing(OSHEE, url, folder) as (host, _, token):
        invoice, price = await registered(host, OSHEE, {"customer_code": GUIDE_CONTRACT})
    return Prepared(OSHEE, database_name(url), folder, token, invoice, price)


async def due_contract(url: str, folder: Path, side: Side = WATCHED) -> Prepared:
    """The contract's next check finds a new invoice."""
    async with preparing(side, url, folder) as (host, company, token):
        invoice, price = await registered(host, side, {"customer_code": GUIDE_CONTRACT})
        today = SystemClock().now().date()
        company.books.add_invoice(
            IssuedInvoice(key=NEW_INVOICE, contract=GUIDE_CONTRACT, number=NEW_INVOICE, issued_on=today, amount=1234_50)
        )
    return Prepared(side, database_name(url), folder, token, invoice, price)


async def told_customer(url: str, folder: Path) -> Prepared:
    """The same, of a customer with a device and a channel of each kind."""
    return await due_contract(url, folder, TOLD)


async def register_taken(url: str, folder: Path) -> Prepared:
    """A company that swaps files has sent its register; the next swap is due in an hour."""
    return await _by_files(url, folder, lambda *_: _nothing())


async def order_queued(url: str, folder: Path) -> Prepared:
    """An order waits for the file that is to carry it."""
    return await _by_files(url, folder, _queue)


async def answer_ready(url: str, folder: Path) -> Prepared:
    """The company has booked the order and answered by a file that nobody has collected."""

    async def send(faturat: Faturat, company: Albtelecom, invoice: str, price: int) -> None:
        await _queue(faturat, company, invoice, price)
        faturat.exchange._clock = ClockAhead(LATER)
        assert await faturat.exchange.run() == 1
        company.process()
        (payment,) = await faturat.payments.of("demo")
        assert company.books.booking(payment.id) is not None

    return await _by_files(url, folder, send)


async def _by_files(
    url: str, folder: Path, rest: Callable[[Faturat, Albtelecom, str, int], Awaitable[None]]
) -> Prepared:
    async with preparing(ALBTELECOM, url, folder) as (host, company, token):
        assert isinstance(company, Albtelecom)
        company.publish()
        assert await host.faturat.exchange.run() == 1
        invoice, price = await registered(host, ALBTELECOM, {"contract": FIRST_CONTRACT})
        await rest(host.faturat, company, invoice, price)
        # nobody asks after the order meanwhile: the exchange alone moves it, and passes the same points each time
        await host.database.fetch("UPDATE payment SET due_at = due_at + interval '20 days'")
    return Prepared(ALBTELECOM, database_name(url), folder, token, invoice, price)


async def _queue(faturat: Faturat, _: Albtelecom, invoice: str, price: int) -> None:
    payment = await faturat.payments.pay("demo", invoice, "demo-2", price, "one")
    assert payment.state == "pending"


async def _nothing() -> None:
    return


STARTS: dict[str, Callable[[str, Path], Awaitable[Prepared]]] = {
    "one contract": one_contract,
    "due contract": due_contract,
    "told customer": told_customer,
    "register taken": register_taken,
    "order queued": order_queued,
    "answer ready": answer_ready,
}
