"""Plugins that swap files wrongly."""

import json
import os
from typing import Any

from breaking import breaks
from file_model import FileModel

from faturat import (
    BillerError,
    ExchangeFile,
    ExchangeReply,
    Order,
    Outcome,
    OutgoingFile,
    hookimpl,
)


@breaks("paying_only_queues")
class LooksBeforeItQueues(FileModel):
    @hookimpl
    async def pay_invoice(self, order: Order) -> Outcome:
        os.listdir(self.folder)
        return await super().pay_invoice(order)


@breaks("an_exchange_is_repeatable")
class NamesByTheHour(FileModel):
    def name(self, content: bytes, orders: tuple[Order, ...]) -> str:
        return f"{self.context.clock.now():%H%M%S}-{super().name(content, orders)}"


@breaks("every_order_is_carried_once")
class CarriesFour(FileModel):
    def file(self, orders: tuple[Order, ...]) -> OutgoingFile:
        return super().file(orders[:4])


@breaks("other_orders_make_another_file")
class NamesByTheDay(FileModel):
    def name(self, content: bytes, orders: tuple[Order, ...]) -> str:
        return f"orders-{orders[0].created_at:%Y%m%d}.jsonl"


@breaks("a_file_sent_twice_is_booked_once")
class NeverOverwrites(FileModel):
    def put(self, file: OutgoingFile) -> None:
        place = self.folder / "in" / file.name
        while place.exists():
            place = place.with_suffix(".again" + place.suffix)
        place.write_bytes(file.content)


@breaks("a_cut_file_is_never_misread")
class ReadsWhatThereIs(FileModel):
    def entries(self, file: ExchangeFile) -> list[dict[str, Any]] | None:
        read = []
        for line in file.content.decode(errors="replace").splitlines():
            try:
                read.append(json.loads(line))
            except ValueError:
                continue
        return [entry for entry in read if isinstance(entry, dict)]


@breaks("garbage_spoils_no_other_file")
class FallsOverBytes(FileModel):
    def entries(self, file: ExchangeFile) -> list[dict[str, Any]] | None:
        try:
            file.content.decode()
        except UnicodeDecodeError as error:
            raise BillerError("no_text", "biller_bad_reply") from error
        return super().entries(file)


@breaks("known_files_are_not_collected_again")
class CollectsTheLastAgain(FileModel):
    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        return await super().collect_files(known) or (await super().collect_files(frozenset()))[-1:]


@breaks("files_that_were_not_sent_are_an_error")
class SendsIfItCan(FileModel):
    @hookimpl
    async def send_files(self, files: tuple[OutgoingFile, ...]) -> None:
        try:
            await super().send_files(files)
        except BillerError:
            return


@breaks("silence_is_no_empty_inbox")
class TakesSilenceForNoFiles(FileModel):
    @hookimpl
    async def collect_files(self, known: frozenset[str]) -> tuple[ExchangeFile, ...]:
        try:
            return await super().collect_files(known)
        except BillerError:
            return ()


@breaks("each_order_has_its_own_outcome")
class TakesOneOutcomeForAll(FileModel):
    @hookimpl
    async def exchange(self, inbox: tuple[ExchangeFile, ...], queued_orders: tuple[Order, ...]) -> ExchangeReply:
        reply = await super().exchange(inbox, queued_orders)
        last = next(reversed(reply.outcomes.values()), None)
        return ExchangeReply(reply.files, reply.register, dict.fromkeys(reply.outcomes, last), reply.incomplete)
