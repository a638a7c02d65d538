"""What customers see of the engine, through its services, against what the model says."""

from machine_model import ACCOUNTS, MINUTE, Model

from faturat import Faturat
from faturat.notices.types import NoticeEvent


async def compare(engine: Faturat, model: Model) -> None:
    for customer in ACCOUNTS:
        await _contracts_and_invoices(engine, model, customer)
        mine = {key: each for key, each in model.payments.items() if each["customer"] == customer}
        payments = {each.id: (each.state.value, each.reason) for each in await engine.payments.of(customer)}
        assert payments == {key: (each["state"], each["reason"]) for key, each in mine.items()}
        notices = [
            (each.facts.contract_name, each.facts.number, each.facts.total)
            for each in await engine.notices(customer)
            if each.event is NoticeEvent.INVOICE_NEW
        ]
        assert sorted(notices) == sorted(model.notices[customer])
        for account in await engine.accounts(customer):
            assert account.available == model.balances[customer, account.id]
    for quote_id, quote in model.quotes.items():
        if model.now <= quote["since"] + 15 * MINUTE:
            found = await engine.invoices.get(quote["customer"], quote_id)
            assert (found.state.value, found.invoice) == (quote["state"], quote["said"])


async def _contracts_and_invoices(engine: Faturat, model: Model, customer: str) -> None:
    contracts = await engine.contracts.of(customer)
    mine = {key: each for key, each in model.contracts.items() if each["customer"] == customer}
    assert {each.id: each.name for each in contracts} == {key: each["name"] for key, each in mine.items()}
    expected = [row for each in mine.values() for row in each["rows"].values()]
    for contract in model.removed:
        left = contract["rows"].values() if contract["customer"] == customer else ()
        expected += [row for row in left if row["state"] in ("paid", "paying")]
    seen = [(row.state.value, row.invoice) for row in await engine.invoices.of(customer)]
    assert sorted(seen, key=repr) == sorted(((row["state"], row["said"]) for row in expected), key=repr)
