"""The model with fewer capabilities: other companies can do less."""

from datetime import date
from typing import Any

from model import Model, PlainModel
from msgspec.structs import replace

from faturat import Biller, Invoice, PayChoice, PayChoices, Text, parse_decimal


def able(**changes: Any) -> Biller:
    """The model's description, with other capabilities."""
    return replace(Model.biller, capabilities=replace(Model.biller.capabilities, **changes))


class Once(Model):
    """Not to be repeated: a payment is sent once, and asked for by its status."""

    biller = able(idempotent_pay=False)


class ShowsPayments(PlainModel):
    """Of a company that cannot be asked for a payment, and shows what it booked in the contract."""

    def entry(self, contract: Any) -> Any:
        entry = super().entry(contract)
        return (*entry, *(self.paid(each) for each in contract["paid"])) if isinstance(entry, tuple) else entry

    def invoice(self, said: Any) -> Invoice:
        read = super().invoice(said)
        return replace(read, payable=PayChoices(read.payable.choices[:1]))

    def paid(self, said: Any) -> Invoice:
        amount = parse_decimal(said["amount"])
        return Invoice(
            invoice_key=said["invoice"],
            number=said["invoice"],
            issued_on=date.fromisoformat(said["issued"]),
            amount=amount,
            total=amount,
            currency=said["currency"],
            payable=PayChoices((PayChoice(amount, Text("E paguar", "Paid")),)),
            paid_by_order=said["id"],
        )
