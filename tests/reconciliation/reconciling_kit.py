"""What the tests of `faturat reconcile` share: an engine that pays simulated companies."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faturat import Faturat, FindingKind, Payment, PaymentState, Reconciliation
from faturat.clock import company_day
from faturat.testing.cases import Case
from faturat.testing.company import Company

PATIENCE = 30.0


@dataclass
class Bank:
    """An engine with companies; `file` holds its settings, for commands that work on its database."""

    faturat: Faturat
    companies: dict[str, Company]
    file: Path

    async def pay(
        self, biller: str, case: Case = Case.ONE, which: int = 0, ends: PaymentState = PaymentState.PAID
    ) -> Payment:
        """Pay an invoice of a magic reference, and wait until the payment stands where it `ends`."""
        reference = self.companies[biller].case_reference(case)
        found = await self.until(lambda: self._found(biller, reference.kind, reference.values))
        quote, key = found.quotes[which], f"{biller}-{case}-{which}"
        return await self.ended(
            await self.faturat.payments.pay("demo", quote.id, "demo-2", quote.invoice.total, key), ends
        )

    async def ended(self, payment: Payment, state: PaymentState) -> Payment:
        """The payment, once it stands there."""

        async def there() -> Payment | None:
            now = await self.faturat.payments.get("demo", payment.id)
            return now if now.state is state else None

        ended: Payment = await self.until(there)
        return ended

    async def _found(self, biller: str, kind: str, values: dict[str, str]) -> Any:
        found = await self.faturat.invoices.look_up("demo", biller, kind, values)
        return found if found.quotes else None

    async def until(self, thing: Callable[[], Awaitable[Any]]) -> Any:
        """Do what is due until `thing` is there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if (there := await thing()) is not None:
                        return there
                except Exception as error:
                    if getattr(error, "code", "") not in ("biller_unavailable", "unknown_reference"):
                        raise
                for company in self.companies.values():
                    await company.close_day()
                await self.faturat.run_due()
                await asyncio.sleep(0.02)


def day_of(payment: Payment) -> Any:
    """The companies' day on which it settled."""
    assert payment.receipt is not None
    return company_day(payment.receipt.settled_at)


def counted(made: Reconciliation) -> dict[FindingKind, int]:
    kinds = [finding.kind for finding in made.findings]
    return {kind: kinds.count(kind) for kind in kinds}
