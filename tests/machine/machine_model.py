"""What customers must see, kept in plain dicts: what the engine does is compared with this after every step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from machine_company import Ledger, Pays, Reads

from faturat import Invoice, Rejection

ACCOUNTS = {"c1": {"main": 1_813, "savings": 3_000_000}, "c2": {"savings": 600_000}}
GONE = ("paid_elsewhere", "withdrawn")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SURE = 5 * MINUTE + timedelta(seconds=30)
"""From the order to the moment at which "not found" may be believed."""


class Refused(Exception):
    """The engine must refuse this with the code."""


class Model:
    """Rows are dicts: `said` (the company's words), `state`, `since` (when it said so)."""

    def __init__(self, now: datetime, live: bool) -> None:
        self.now = now
        self.live = live
        self.reads: Reads = "up"
        self.pays: Pays = "up"
        self.company = Ledger()
        self.contracts: dict[str, dict[str, Any]] = {}
        self.removed: list[dict[str, Any]] = []
        self.quotes: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.taken: dict[tuple[str, int], str] = {}
        self.notices: dict[str, list[tuple[str, str, int]]] = {customer: [] for customer in ACCOUNTS}
        self.balances = {(c, a): minor for c, each in ACCOUNTS.items() for a, minor in each.items()}

    # what the company says
    def answer(self, code: str) -> tuple[Invoice, ...]:
        if self.reads != "up":
            raise Refused("biller_unavailable")
        return self.company.listed[code]

    def first_state(self, said: Invoice) -> str:
        free = "open" if said.paid_by_order is None else "paid_elsewhere"
        return self.taken.get((said.invoice_key, said.part), free)

    def read(self, contract: dict[str, Any]) -> None:
        """A complete answer for one contract."""
        answer = {said.invoice_key: said for said in self.answer(contract["code"])}
        # what a payment keeps as it was, the answer does not vouch for
        kept = any(row["state"] == "paying" and row["said"] != answer.get(key) for key, row in contract["rows"].items())
        for key, said in answer.items():
            self._said(contract, key, said)
        for key, row in contract["rows"].items():
            if key not in answer and row["state"] == "open":
                row |= {"state": "withdrawn", "since": self.now}
        contract |= {"due_at": self.now + 15 * MINUTE, "failures": 0}
        if not kept:
            contract["checked_at"] = self.now

    def _said(self, contract: dict[str, Any], key: str, said: Invoice) -> None:
        row, state = contract["rows"].get(key), self.first_state(said)
        if row is None:
            contract["rows"][key] = {"said": said, "state": state, "since": self.now}
            if state == "open" and contract["checked_at"] is not None:
                self._tell(contract, said)
        elif row["state"] == "paying":
            return
        elif row["state"] == "paid" and said.part <= row["said"].part:
            if said.part == row["said"].part and said.paid_by_order is None and said.total != row["said"].total:
                row |= {"said": said, "since": self.now}
        elif (state, said) != (row["state"], row["said"]):
            if row["state"] in GONE and state == "open" and row["since"] <= self.now - DAY:
                self._tell(contract, said)
            row |= {"said": said, "state": state, "since": self.now}

    def _tell(self, contract: dict[str, Any], said: Invoice) -> None:
        self.notices[contract["customer"]].append((contract["name"], said.number, said.total))

    def sweep(self) -> None:
        for contract in self.contracts.values():
            if contract["due_at"] > self.now:
                continue
            try:
                self.read(contract)
            except Refused:
                contract["failures"] += 1
                wait = min(5 * MINUTE * 2 ** min(contract["failures"] - 1, 8), DAY)
                contract["due_at"] = self.now + wait

    # what a customer does
    def register(self, customer: str, code: str, name: str) -> dict[str, Any]:
        if any((each["customer"], each["code"]) == (customer, code) for each in self.contracts.values()):
            raise Refused("biller_unavailable" if self.reads == "down" else "already_registered")
        if self.reads == "down":
            raise Refused("biller_unavailable")
        contract = {"customer": customer, "code": code, "name": name, "rows": {}, "failures": 0}
        contract |= {"checked_at": None, "due_at": self.now}
        if self.reads == "up":
            self.read(contract)
        return contract

    def remove(self, contract_id: str) -> None:
        """What was paid, or is being paid, stays in the customer's history."""
        contract = self.contracts.pop(contract_id)
        rows = contract["rows"].items()
        contract["rows"] = {key: row for key, row in rows if row["state"] in ("paid", "paying")}
        self.removed.append(contract)

    def look_up(self, customer: str, code: str) -> list[dict[str, Any]]:
        answer = [said for said in self.answer(code) if said.paid_by_order is None]
        like = {"customer": customer, "code": code, "since": self.now}
        return [like | {"said": said, "state": self.first_state(said)} for said in answer]

    def refuse_pay(self, row: dict[str, Any], amount: int, seen: int, balance: int | None) -> None:
        """Raise Refused where nothing may be stored."""
        if row["state"] == "paying":
            raise Refused("already_paying")
        if row["state"] != "open":
            raise Refused("invoice_not_open")
        if seen != row["said"].total:
            raise Refused("amount_changed")
        if not 1 <= amount <= row["said"].total:
            raise Refused("amount_not_accepted")
        if balance is None:
            raise Refused("unknown_account")

    def pay(
        self, customer: str, row: dict[str, Any], contract: dict[str, Any] | None, code: str, account: str, amount: int
    ) -> dict[str, Any]:
        """A payment that was taken: how it ends, or that its end is not known yet."""
        before = row["said"]
        key, part = before.invoice_key, before.part
        payment = {"customer": customer, "account": account, "amount": amount, "key": key, "part": part}
        try:
            now_said = self._asked(row, contract, code)
        except Refused as error:
            return payment | {"state": "cancelled", "reason": str(error)}
        if (why := _stopped(before, now_said)) is not None:
            return payment | {"state": "cancelled", "reason": why}
        if (key, part) in self.taken or any(k == key and what == "paying" for (k, _), what in self.taken.items()):
            return payment | {"state": "cancelled", "reason": "already_paying"}
        if self.balances[customer, account] < amount:
            self._mark(key, part, "paying")
            self._mark(key, part, "open")
            return payment | {"state": "declined", "reason": "insufficient_funds"}
        self.balances[customer, account] -= amount
        payment["at"] = self.now
        self._mark(key, part, "paying")
        refused = None if self.pays == "lost" else self.company.pay(code, key, part, amount)
        # whether "already paid" speaks of an earlier try of this order is asked
        unsure = refused is Rejection.ALREADY_PAID and self.reads == "down"
        if self.pays != "up" or unsure:
            payment["booked"] = self.pays == "silent" and refused is None
            return payment | {"state": "unknown", "reason": "outcome_unknown"}
        self.end(payment, paid=refused is None)
        if refused in (Rejection.ALREADY_PAID, Rejection.AMOUNT_CHANGED) and contract and self.reads == "up":
            self.read(contract)
        state = "paid" if refused is None else "failed"
        return payment | {"state": state, "reason": "" if refused is None else refused.value}

    def end(self, payment: dict[str, Any], paid: bool) -> None:
        """The money is the company's, or the customer's again."""
        if not paid:
            self.balances[payment["customer"], payment["account"]] += payment["amount"]
        self._mark(payment["key"], payment["part"], "paid" if paid else "open")

    def _asked(self, row: dict[str, Any], contract: dict[str, Any] | None, code: str) -> Invoice | None:
        """The company's newest word just before money is held."""
        key = row["said"].invoice_key
        if not self.live and self._stands(row, contract):
            return row["said"]
        if contract is not None:
            self.read(contract)
        return next((said for said in self.answer(code) if said.invoice_key == key), None)

    def _stands(self, row: dict[str, Any], contract: dict[str, Any] | None) -> bool:
        read_at = row["since"] if contract is None or contract["checked_at"] is None else contract["checked_at"]
        later = [each for each in self.rows(row["said"].invoice_key) if each is not row and each["since"] >= read_at]
        agreed = all(each["state"] not in GONE and each["said"] == row["said"] for each in later)
        return bool(self.now < read_at + 15 * MINUTE and agreed)

    def rows(self, key: str) -> Iterator[dict[str, Any]]:
        """Every row of an invoice, whoever it belongs to."""
        for contract in (*self.contracts.values(), *self.removed):
            if key in contract["rows"]:
                yield contract["rows"][key]
        yield from (quote for quote in self.quotes.values() if quote["said"].invoice_key == key)

    def _mark(self, key: str, part: int, state: str) -> None:
        """What a payment makes of an invoice, for everybody who knows it."""
        self.taken.pop((key, part), None)
        if state != "open":
            self.taken[key, part] = state
        for row in self.rows(key):
            if row["said"].part == part and (row["state"] in ("open", "paying") or state == "paid"):
                row["state"] = state


def _stopped(before: Invoice, now_said: Invoice | None) -> str | None:
    if now_said is None:
        return "invoice_gone"
    if now_said.paid_by_order is not None:
        return "already_paid"
    return None if (now_said.part, now_said.total) == (before.part, before.total) else "amount_changed"
