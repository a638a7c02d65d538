"""Reconciliation: a biller's statement of one day against the payments that we settled with it on that day.

It changes no payment and moves no money. Each run is kept whole, with the file that it rests on; another run of the
same day is another row. What it learns against a payment that ended is a case, which another run does not open again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import structlog

from faturat.clock import Clock, company_day, day_bounds, new_id
from faturat.errors import FaturatError
from faturat.exchange.types import ExchangeFile
from faturat.gate.biller import BillerGate
from faturat.gate.replies import OLDEST
from faturat.operators.cases import CaseSource, new_case
from faturat.payments.types import Payment
from faturat.reconciliation import rules
from faturat.reconciliation.types import Finding, Reconciliation, ReconciliationHead, Statement
from faturat.reconciliation.wording import case_words
from faturat.store.port import Store

log = structlog.stdlib.get_logger()


class ReconciliationService:
    def __init__(self, store: Store, gates: Mapping[str, BillerGate], clock: Clock) -> None:
        self._store = store
        self._gates = gates
        self._clock = clock

    async def run(self, biller: str, day: date, file: ExchangeFile | None = None) -> Reconciliation:
        """Compare a companies' day with the biller's statement of it, and keep the result.

        file: the statement; without it the biller is asked for it. A day that is not over is compared as far as the
        statement goes. Raises FaturatError unknown_biller, no_statements, bad_day, statement_unavailable,
        statement_unreadable; nothing is kept then.
        """
        gate = self._gate(biller)
        if not OLDEST <= day <= company_day(self._clock.now()):
            raise FaturatError("bad_day", field="day", day=f"{day:%d.%m.%Y}")
        # ours first: what settles while the biller writes its list is then looked up by its order id
        ours = await self._store.settled_payments(biller, *day_bounds(day))
        if file is None:
            file = await gate.fetch_statement(day)
        findings = await self._compare(biller, day, ours, await gate.read_statement(file, day))
        made = Reconciliation(
            id=new_id("rec", self._clock.now()),
            biller=biller,
            day=day,
            made_at=self._clock.now(),
            currency=gate.biller.currency,
            file=file.name,
            sha256=hashlib.sha256(file.content).hexdigest(),
            totals=rules.totals(findings),
            content=file.content,
            findings=findings,
        )
        await self._store.save_reconciliation(made)
        log.info("reconciled", biller=biller, day=day.isoformat(), differences=made.totals.differences)
        await self._open_cases(made)
        return made

    async def of(self, biller: str, limit: int = 100) -> list[ReconciliationHead]:
        """The reconciliations of a biller, newest first, without their findings."""
        return await self._store.reconciliations(biller, limit)

    async def get(self, reconciliation_id: str) -> Reconciliation:
        """One reconciliation whole; raises FaturatError unknown_reconciliation."""
        found = await self._store.reconciliation(reconciliation_id)
        if found is None:
            raise FaturatError("unknown_reconciliation")
        return found

    async def _compare(
        self, biller: str, day: date, ours: Sequence[Payment], statement: Statement
    ) -> tuple[Finding, ...]:
        here = {payment.id for payment in ours}
        there = {entry.order_id for entry in statement.entries}
        named = {each.id: each for each in await self._store.payments_of(biller, sorted(there - here))}
        listed = await self._store.listed_on(biller, day, sorted((here - there) | named.keys()))
        return rules.compare(day, ours, statement, named, listed)

    async def _open_cases(self, made: Reconciliation) -> None:
        """Open a case for each contrary finding; what an earlier run found is its case already."""
        contrary = {finding.order_id: finding for finding in made.findings if rules.is_contrary(finding)}
        for payment in await self._store.payments_of(made.biller, sorted(contrary)):
            said = case_words(contrary[payment.id], made)
            if await self._store.open_case(new_case(payment, CaseSource.RECONCILIATION, said, self._clock.now())):
                log.warning("case_opened", payment=payment.id, state=payment.state, answer="statement")

    def _gate(self, biller: str) -> BillerGate:
        gate = self._gates.get(biller)
        if gate is None:
            raise FaturatError("unknown_biller", field="biller")
        if not gate.biller.capabilities.statements:
            raise FaturatError("no_statements", field="biller", biller=gate.biller.name)
        return gate
