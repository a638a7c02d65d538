"""The words of the operators' pages that stand for codes: states, deeds, sources, adjustments, health."""

from faturat import HealthState, PaymentState, Text
from faturat.audit import AuditAction
from faturat.operators.cases import AdjustmentKind, CaseSource

S = PaymentState

STATES: dict[PaymentState, Text] = {
    S.SCHEDULED: Text("E planifikuar", "Scheduled"),
    S.CONFIRMING: Text("Pret konfirmimin e klientit", "Awaits the customer"),
    S.CREATED: Text("E krijuar", "Created"),
    S.CANCELLED: Text("E anuluar", "Cancelled"),
    S.EXPIRED: Text("E skaduar", "Expired"),
    S.HOLDING: Text("Po bllokohen paratë", "Holding the money"),
    S.HELD: Text("Para të bllokuara", "Money held"),
    S.DECLINED: Text("E refuzuar nga banka", "Declined by the bank"),
    S.SUBMITTING: Text("Po i dërgohet kompanisë", "Being sent to the company"),
    S.SETTLED: Text("E kryer te kompania", "Settled at the company"),
    S.REJECTED: Text("E refuzuar nga kompania", "Rejected by the company"),
    S.NOT_SENT: Text("E padërguar", "Not sent"),
    S.PENDING: Text("Në pritje te kompania", "Pending at the company"),
    S.UNKNOWN: Text("Rezultat i panjohur", "Result unknown"),
    S.UNDER_REVIEW: Text("Në shqyrtim", "Under review"),
    S.CAPTURING: Text("Po merren paratë", "Taking the money"),
    S.PAID: Text("E paguar", "Paid"),
    S.RELEASING: Text("Po kthehen paratë", "Returning the money"),
    S.FAILED: Text("Para të kthyera", "Money returned"),
}

ACTIONS: dict[str, Text] = {
    AuditAction.ASKED: Text("Pyeti përsëri", "Asked again"),
    AuditAction.SETTLED: Text("Vendosi: paratë i ka kompania", "Decided: the company has the money"),
    AuditAction.RETURNED: Text("Vendosi: paratë kthehen", "Decided: the money goes back"),
    AuditAction.CASE_OPENED: Text("Hapi rastin", "Opened the case"),
    AuditAction.CASE_CLOSED: Text("Mbylli rastin", "Closed the case"),
}

SOURCES: dict[str, Text] = {
    CaseSource.COMPANY: Text("Kompania", "The company"),
    CaseSource.RECONCILIATION: Text("Krahasimi", "Reconciliation"),
    CaseSource.OPERATOR: Text("Punonjësi", "An operator"),
}

ADJUSTMENTS: dict[str, Text] = {
    AdjustmentKind.NONE: Text("Pa rregullim: prova nuk ndryshon gjë", "None: the evidence changes nothing"),
    AdjustmentKind.REFUND: Text("Kthim te klienti", "Refund to the customer"),
    AdjustmentKind.COLLECT: Text("Arkëtim nga klienti", "Collection from the customer"),
    AdjustmentKind.WRITE_OFF: Text("Shumën e mban banka", "The bank bears the amount"),
}

HEALTH: dict[HealthState, Text] = {
    HealthState.OK: Text("Përgjigjet", "Answers"),
    HealthState.DISTURBED: Text("Përgjigjet me vështirësi", "Answers with difficulty"),
    HealthState.DOWN: Text("Nuk përgjigjet", "Does not answer"),
}
