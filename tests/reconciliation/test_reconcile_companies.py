"""Every company, end to end: paid through the engine on PostgreSQL, reconciled, and each fault found for what it is."""

from datetime import timedelta

import pytest
from reconciling_kit import Bank, counted, day_of

from faturat import ExchangeFile, FaturatError, FindingKind, Payment, Reconciliation
from faturat.plugins.simulators import installed_simulators
from faturat.testing.cases import Case

M = FindingKind
FOUND = {
    "missing_row": {M.MATCHED: 1, M.MISSING_THERE: 1},
    "other_amount": {M.MATCHED: 1, M.DIFFERENT_AMOUNT: 1},
    "extra_row": {M.MATCHED: 2, M.MISSING_HERE: 1},
    "double_row": {M.MATCHED: 2, M.DUPLICATE_THERE: 1},
}
REFUSED = (("cut_statement",), ("malformed",), ("garbage",))
BY_FILES = (("cut_statement",), ("half_statement", "extra_row"))
"""A file is put out anew only where it has something else to say."""


@pytest.fixture
def billers() -> list[str]:
    return list(installed_simulators())


async def run(bank: Bank, biller: str, payment: Payment, file: ExchangeFile | None = None) -> Reconciliation:
    """Reconcile the day of a payment, after whatever the company does meanwhile."""
    await bank.companies[biller].close_day()
    return await bank.faturat.reconciliation.run(biller, day_of(payment), file)


async def test_at_every_company_all_is_matched_and_each_fault_is_found(bank: Bank) -> None:
    assert len(bank.companies) == 5
    for biller, company in bank.companies.items():
        first, last = [await bank.pay(biller, Case.MANY, which) for which in range(2)]
        if day_of(first) != day_of(last):  # midnight in between
            first = last = await bank.pay(biller, Case.MANY, 2)
        whole = await run(bank, biller, last)
        assert counted(whole) == {M.MATCHED: 2}, biller
        assert whole.totals.amount_here == whole.totals.amount_there == first.order.amount + last.order.amount
        assert all(not finding.notes for finding in whole.findings), biller

        for fault, found in FOUND.items():
            company.fault(fault)
            made = await run(bank, biller, last)
            assert counted(made) == found, (biller, fault)
            differences = [finding for finding in made.findings if finding.kind is not M.MATCHED]
            known = {first.id, last.id}
            assert {each.order_id in known for each in differences} == {fault != "extra_row"}, (biller, fault)
            apart = made.totals.amount_there - made.totals.amount_here
            assert apart == {
                "missing_row": -last.order.amount,
                "other_amount": 100,
                "extra_row": 999_00,
                "double_row": last.order.amount,
            }.get(fault), (biller, fault)

        kept = len(await bank.faturat.reconciliation.of(biller))
        for faults in BY_FILES if biller == "albtelecom" else REFUSED:
            for fault in faults:
                company.fault(fault)
            with pytest.raises(FaturatError) as caught:
                await run(bank, biller, last)
            assert caught.value.code == "statement_unreadable", (biller, faults)
            company.clear_faults()
        for content in (bytes(range(256)), whole.content[: len(whole.content) // 2], b""):
            with pytest.raises(FaturatError) as caught:
                await run(bank, biller, last, ExchangeFile("by-mail", content))
            assert caught.value.code == "statement_unreadable", biller
        assert len(await bank.faturat.reconciliation.of(biller)) == kept, "nothing of it is kept"

        by_mail = await run(bank, biller, last, ExchangeFile("by-mail", whole.content))
        assert by_mail.findings == whole.findings, biller
        assert by_mail.sha256 == whole.sha256
        assert await bank.faturat.reconciliation.get(by_mail.id) == by_mail
        with pytest.raises(FaturatError) as caught:
            await bank.faturat.reconciliation.run(
                biller, day_of(last) - timedelta(days=1), ExchangeFile(whole.file, whole.content)
            )
        assert caught.value.code == "statement_unreadable", "of another day"
