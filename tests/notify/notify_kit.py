"""What the tests of notices share: time that passes, and invoices that a company issues."""

from dataclasses import dataclass
from datetime import date, timedelta

from fakes.clock import FakeClock

from faturat.host import Host
from faturat.testing.books import IssuedInvoice
from faturat_oshee.simulator import Simulator

CODE = "TR0.A0000000000000"
"""The contract for which the seed issues a second invoice, soon after the first."""


@dataclass
class Bench:
    host: Host
    company: Simulator
    clock: FakeClock

    async def later(self, minutes: float = 20) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        while await self.host.faturat.run_due():
            pass

    async def register(self, customer: str) -> None:
        await self.host.faturat.contracts.register(customer, "oshee", None, {"customer_code": CODE}, "Home")

    def issue(self, number: str) -> None:
        self.company.books.add_invoice(
            IssuedInvoice(key=number, contract=CODE, number=number, issued_on=date(2026, 11, 1), amount=1234_50)
        )
