"""What the company booked and we do not have settled: contrary evidence, and a payment that is not known yet."""

from reconciling_kit import Bank, counted, day_of

from faturat import FindingKind as M
from faturat import PaymentState
from faturat.operators.cases import CaseSource
from faturat.reconciliation.rules import is_contrary
from faturat.testing.cases import Case


async def test_a_booking_of_a_payment_that_was_returned_is_contrary_evidence(bank: Bank) -> None:
    """The company refuses a payment, and books it all the same."""
    company = bank.companies["oshee"]
    company.fault("rejects_payment")
    returned = await bank.pay("oshee", ends=PaymentState.FAILED)
    paid = await bank.pay("oshee", Case.MANY)
    company.books.book(returned.id, returned.order.invoice_key, 1, returned.order.amount)
    made = await bank.faturat.reconciliation.run("oshee", day_of(paid))
    (finding,) = made.differences
    assert (finding.kind, finding.order_id, finding.state) == (M.MISSING_HERE, returned.id, PaymentState.FAILED)
    assert (finding.amount_here, finding.amount_there) == (returned.order.amount, returned.order.amount)
    assert is_contrary(finding)
    (case,) = await bank.faturat.operators.cases()
    assert (case.source, case.state, case.closed_at) == (CaseSource.RECONCILIATION, "failed", None)
    amount = returned.order.amount
    said = f"booked company=oshee day={day_of(paid)} receipt={finding.receipt_there} amount={amount}"
    assert case.said == said
    await bank.faturat.reconciliation.run("oshee", day_of(paid))
    assert await bank.faturat.operators.cases() == [case], "the same finding again is the same case"
    assert await bank.faturat.payments.get("demo", returned.id) == returned


async def test_a_payment_whose_answer_was_lost_is_missing_here_until_it_is_known(bank: Bank) -> None:
    bank.companies["oshee"].fault("error_500_after_debit")
    unknown = await bank.pay("oshee", ends=PaymentState.UNKNOWN)
    other = await bank.pay("oshee", Case.MANY)
    (finding,) = (await bank.faturat.reconciliation.run("oshee", day_of(other))).differences
    assert (finding.kind, finding.order_id, finding.state) == (M.MISSING_HERE, unknown.id, PaymentState.UNKNOWN)
    assert not is_contrary(finding)
    assert await bank.faturat.operators.cases() == []
    await bank.ended(unknown, PaymentState.PAID)
    assert counted(await bank.faturat.reconciliation.run("oshee", day_of(other))) == {M.MATCHED: 2}
