"""A customer's contracts: registered only after the company knows the reference, several per company."""

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct

from faturat.clock import Clock, new_id
from faturat.contracts.types import Contract
from faturat.errors import FaturatError
from faturat.invoices.merge import known_as
from faturat.invoices.service import InvoiceService
from faturat.invoices.types import Invoice
from faturat.references import LookAlikeWarning, read_reference
from faturat.store.port import Duplicate, Store
from faturat.text import Text

MAX_CONTRACTS = 100
MAX_NAME = 60
UNDO = timedelta(minutes=15)
"""For how long a removed contract can be taken back."""
NAME = Text("Emri", "Name")
NAME_HELP = Text(
    "Zgjidhni një emër me të cilin do ta njihni kontratën.", "Choose a name by which you will know the contract."
)


class Registration(Struct, frozen=True):
    contract: Contract
    warnings: tuple[LookAlikeWarning, ...]


class Removed(Struct, frozen=True):
    """A removed contract, and until when it can be taken back."""

    contract: Contract
    until: datetime


class ContractService:
    def __init__(self, store: Store, invoices: InvoiceService, clock: Clock) -> None:
        self._store = store
        self._invoices = invoices
        self._clock = clock

    async def register(
        self, customer: str, biller: str, kind: str | None, values: Mapping[str, str], name: str
    ) -> Registration:
        """Register a reference under a name of the customer's choice, with the invoices found and no notice of them.

        Raises FaturatError: unknown_biller, those of read_reference, field_required and the like for `name`,
        too_many_look_ups, unknown_reference, biller_unavailable, biller_busy, biller_bad_reply, already_registered,
        too_many_contracts.
        """
        gate = self._invoices.gate(biller)
        read = read_reference(gate.biller, kind, values, register=True)
        chosen = read_name(name)
        if await self._store.count_contracts(customer) >= MAX_CONTRACTS:
            raise FaturatError("too_many_contracts", limit=MAX_CONTRACTS)
        await self._invoices.count_look_up(customer, gate)
        subscriber = await gate.find_contract(read.reference)
        now = self._clock.now()
        said = (await gate.fetch_invoices((read.reference,)))[read.reference]
        complete: tuple[Invoice, ...] | None = None if isinstance(said, FaturatError) else said
        contract = Contract(
            id=new_id("con", now),
            customer=customer,
            biller=biller,
            reference=read.reference,
            name=chosen,
            subscriber=subscriber.name,
            created_at=now,
            due_at=now if complete is None else now + self._invoices.timing.every,
            checked_at=None if complete is None else now,
        )
        occupied = await self._invoices.answers.occupied(biller, [invoice.invoice_key for invoice in complete or ()])
        rows = [known_as(invoice, contract, occupied, now, new_id("inv", now)) for invoice in complete or ()]
        try:
            await self._store.add_contract(contract, rows)
        except Duplicate:
            raise await self._duplicate(contract) from None
        return Registration(contract, read.warnings)

    async def get(self, customer: str, contract_id: str) -> Contract:
        """One contract of this customer; raises FaturatError unknown_contract."""
        contract = await self._store.contract(contract_id)
        if contract is None or contract.customer != customer:
            raise FaturatError("unknown_contract")
        return contract

    async def of(self, customer: str, after: str = "", limit: int = MAX_CONTRACTS) -> list[Contract]:
        return await self._store.contracts(customer, after, limit)

    async def rename(self, customer: str, contract_id: str, name: str) -> Contract:
        """Give a contract another name; raises FaturatError unknown_contract or what is wrong with `name`."""
        await self.get(customer, contract_id)
        await self._store.rename_contract(contract_id, read_name(name))
        return await self.get(customer, contract_id)

    async def remove(self, customer: str, contract_id: str) -> None:
        """Remove a contract; payments made for it stay, those scheduled end. Raises FaturatError unknown_contract."""
        contract = await self.get(customer, contract_id)
        invoices = [row.id for row in await self._store.known_invoices([contract_id])]
        await self._store.remove_contract(contract_id, self._clock.now())
        await self._invoices.answers.contract_removed(contract, invoices)

    async def removed(self, customer: str, contract_id: str) -> Removed:
        """A contract that this customer removed a while ago.

        Raises FaturatError unknown_contract, or not_restorable where that was too long ago.
        """
        found = await self._store.removed_contract(contract_id)
        if found is None or found[0].customer != customer:
            raise FaturatError("unknown_contract")
        contract, since = found
        if self._clock.now() > since + UNDO:
            raise FaturatError("not_restorable")
        return Removed(contract, since + UNDO)

    async def restore(self, customer: str, contract_id: str) -> Contract:
        """Take back a removal: the same contract, with what its company asks for now, and no notice of that.

        Where the company does not answer the sweep goes on asking. Twice is the same as once.
        Raises FaturatError as `removed`, already_registered, too_many_contracts.
        """
        now = self._clock.now()
        known = await self._store.contract(contract_id)
        if known is not None and known.customer == customer:
            return known
        contract = (await self.removed(customer, contract_id)).contract
        if await self._store.count_contracts(customer) >= MAX_CONTRACTS:
            raise FaturatError("too_many_contracts", limit=MAX_CONTRACTS)
        try:
            await self._store.restore_contract(contract_id, now)
        except Duplicate:
            raise await self._duplicate(contract) from None
        restored = await self.get(customer, contract_id)
        with suppress(FaturatError):
            await self._invoices.refresh(restored)
        return await self.get(customer, contract_id)

    async def _duplicate(self, contract: Contract) -> FaturatError:
        known = await self._store.contracts(contract.customer, "", MAX_CONTRACTS)
        same = (row for row in known if row.biller == contract.biller and row.reference == contract.reference)
        field = next(iter(contract.reference.values))
        return FaturatError("already_registered", field=field, name=next((row.name for row in same), ""))


def read_name(typed: str) -> str:
    """The name of a contract: 1 to 60 visible characters; raises FaturatError naming the field."""
    name = " ".join(typed.split())
    if not name:
        raise _refusal("field_required")
    if len(name) > MAX_NAME:
        raise _refusal("field_too_long", limit=MAX_NAME, length=len(name))
    hidden = next((sign for sign in name if unicodedata.category(sign)[0] == "C"), None)
    if hidden is not None:
        raise _refusal("field_bad_characters", found=f"U+{ord(hidden):04X}")
    return name


def _refusal(code: str, **params: str | int) -> FaturatError:
    return FaturatError(code, field="name", label=NAME, example="Shtëpia", help=NAME_HELP, **params)
