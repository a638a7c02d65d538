"""The words of a notice, in the customer's language."""

from faturat.money import format_amount
from faturat.notices.types import Notice
from faturat.text import Language


def title(notice: Notice, language: Language) -> str:
    biller = notice.facts.biller_name
    return f"Faturë e re nga {biller}" if language == "sq" else f"New invoice from {biller}"


def body(notice: Notice, language: Language) -> str:
    facts = notice.facts
    amount = format_amount(facts.total, facts.currency, language)
    if language == "sq":
        due = f", për t'u paguar deri më {facts.due_on:%d.%m.%Y}" if facts.due_on else ""
        return f"{facts.contract_name}: fatura {facts.number}, {amount}{due}."
    due = f", due on {facts.due_on:%d.%m.%Y}" if facts.due_on else ""
    return f"{facts.contract_name}: invoice {facts.number}, {amount}{due}."
