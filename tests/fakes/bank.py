"""The bank in memory, with faults before and after each effect."""

from fakes.clock import FakeClock
from fakes.faults import Script
from faturat import CaptureReply, HoldReply, Order, Refusal, Released, Text, hookimpl
from faturat.testing.bank import MemoryBank, MemoryBankSettings


class FakeBank(MemoryBank):
    def __init__(self, settings: MemoryBankSettings | None = None) -> None:
        super().__init__(MemoryBankSettings({"c1": {"main": 1813, "savings": 25_000_000}}))
        self.script = Script()
        self.clock = FakeClock()
        self.refuse_capture = False

    @hookimpl
    async def hold_funds(self, order: Order) -> HoldReply:
        fault = self.script.before()
        reply = await super().hold_funds(order)
        self.script.after(fault)
        return reply

    @hookimpl
    async def capture_funds(self, order: Order) -> CaptureReply:
        fault = self.script.before()
        if self.refuse_capture:
            return Refusal("refused", Text("", ""))
        reply = await super().capture_funds(order)
        self.script.after(fault)
        return reply

    @hookimpl
    async def release_funds(self, order: Order) -> Released:
        fault = self.script.before()
        reply = await super().release_funds(order)
        self.script.after(fault)
        return reply
