"""States of pages that are pages of their own: each kind of device and channel, of payment, of invoice, of refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fakes.biller import FakeBiller, make_invoice
from fakes.faults import Fault, Script
from fakes.world import World, loaded

from faturat import (
    Order,
    Outcome,
    PayChoice,
    PayChoices,
    Payment,
    PaymentState,
    PayRange,
    Pending,
    Rejection,
    Terms,
    Text,
)
from faturat.clock import company_day
from faturat.health import breaker
from faturat.health.types import Circuit
from faturat.hookspecs import ObserverSpec
from faturat_server.channels.outgoing import forget
from faturat_server.channels.plugin import ChannelNotifier
from faturat_server.channels.settings import Mail, Settings, Sms, Telegram
from faturat_server.channels.signing import new_secret
from faturat_server.channels.tables import ChannelRow, CodeRow
from faturat_server.channels.types import Kind
from faturat_server.push.deliveries import TEST, Failure, log_delivery
from faturat_server.push.plugin import PushNotifier
from faturat_server.push.settings import Settings as PushSettings
from faturat_server.push.tables import DeviceRow

ADDRESSES = {
    Kind.WEBHOOK: f"https://program.example/{'njoftimet' * 20}",
    Kind.NTFY: "ntfy.bank.example/faturat-e-mia-7",
    Kind.MAIL: "test.test@mail.example",
    Kind.TELEGRAM: "5000000001",
    Kind.SMS: "+355691234567",
}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class State:
    """Where it is, and what is to be read there; where something is `typed`, the page's last form is sent with it."""

    address: str
    says: str
    typed: Mapping[str, str] | None = None


class States(FakeBiller):
    """A company that takes a payment to confirm it later, where a test says so."""

    takes_it_later = False

    def _pay(self, order: Order) -> Outcome:
        return Pending() if self.takes_it_later else super()._pay(order)


def world_of_states() -> World:
    """Everything that a bank may offer is offered, and nothing is sent there."""
    telegram = Telegram("bank_bills_bot", "123456:token", "a-secret-of-20-letters")
    settings = Settings(
        ntfy=("ntfy.bank.example",),
        mail=Mail("mail.bank.example", "notices@bank.example"),
        sms=Sms("smseagles://token@sms.bank.example"),
        telegram=telegram,
    )
    push = PushNotifier(PushSettings("notices@bank.example"))
    observers = {"push": push, "channels": ChannelNotifier(settings)}
    return World(biller=States(), observers=tuple(loaded(name, each, ObserverSpec) for name, each in observers.items()))


async def furnish_states(world: World) -> list[State]:
    """What a customer may come upon while all companies answer."""
    world.biller.subscribers |= {"CD34": "Test Test", "EF56": "Test Test"}
    payments = await _payments(world)
    contracts = await _contracts(world)
    return [*payments, *contracts, *await _invoices(world), *await _devices(world), *await _channels(world)]


async def furnish_trouble(world: World) -> list[State]:
    """The same customer, now that the company does not answer."""
    [invoice, *_] = [each for each in await world.faturat.invoices.of("c1") if each.invoice.number == "F7"]
    for _ in range(breaker.FAILURES):
        assert await world.store.move_circuit(breaker.failed(await _circuit(world), world.clock.now()))
    world.clock.advance(timedelta(seconds=2))  # then every process knows
    await _add_channel(world, Kind.SMS)
    trouble = "Fake nuk përgjigjet që prej"
    return [
        State("/faturat/regjistro", "Fake pa përgjigje që prej"),
        State("/faturat/regjistro/fake", trouble),
        State("/paguaj/fake", trouble),
        State("/faturat/kompania/fake", trouble),
        State(f"/faturat/kontrata/{invoice.contract}", trouble),
        State(f"/faturat/fatura/{invoice.id}", "Mund ta provoni gjithsesi"),
        State(f"/faturat/fatura/{invoice.id}/konfirmo?llogaria=savings&shuma=700", "Mund ta provoni gjithsesi"),
        State(f"/njoftimet/kanalet/{_id(Kind.SMS)}", ADDRESSES[Kind.SMS]),
        State("/njoftimet/kanalet/shto/ntfy", "deri në 5 kanale", {"tema": "faturat-e-tjera"}),
    ]


async def _circuit(world: World) -> Circuit:
    return (await world.store.circuits()).get("fake") or Circuit(biller="fake")


async def _payments(world: World) -> list[State]:
    """A payment in each state that has a page of its own."""
    world.biller.invoices["AB12"] = [make_invoice(f"F{number}", number * 100_00) for number in range(1, 9)]
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "AB12"}, "Shtëpia")
    ids = {each.invoice.number: each.id for each in await world.faturat.invoices.of("c1", contract=made.contract.id)}

    async def pay(number: str, *faults: Fault, account: str = "savings") -> Payment:
        world.biller.script = Script([Fault.NONE, *faults])
        return await world.faturat.payments.pay("c1", ids[number], account, int(number[1]) * 100_00, number)

    reviewed = await pay("F1", Fault.SILENT)
    world.biller.script = Script([Fault.LOST] * 500)
    world.clock.advance(2 * DAY)
    await world.faturat.run_due()
    assert await world.store.move_circuit(breaker.answered(await _circuit(world)))
    world.clock.advance(timedelta(seconds=2))
    unknown = await pay("F2", Fault.SILENT)
    world.biller.takes_it_later = True
    pending = await pay("F3")
    world.biller.takes_it_later = False
    world.biller.reject = Rejection.NOT_ACCEPTED
    rejected = await pay("F4")
    world.biller.reject = None
    declined = await pay("F5", account="main")
    paid = await pay("F8")
    tomorrow = company_day(world.clock.now()) + DAY
    planned, cancelled = [
        await world.faturat.payments.schedule(
            "c1", ids[f"F{n}"], "savings", n * 100_00, f"later{n}", tomorrow, n * 100_00
        )
        for n in (5, 6)
    ]
    await world.faturat.payments.cancel("c1", cancelled.id)
    said = {
        reviewed: (PaymentState.UNDER_REVIEW, "Pagesa është në shqyrtim"),
        unknown: (PaymentState.UNKNOWN, "Rezultati nuk dihet ende"),
        pending: (PaymentState.PENDING, "Kompania e ka marrë pagesën"),
        rejected: (PaymentState.FAILED, "Pagesa nuk u krye"),
        declined: (PaymentState.DECLINED, "Pagesa nuk u krye"),
        paid: (PaymentState.PAID, "Pagesa u krye"),
        planned: (PaymentState.SCHEDULED, "Do të paguhet më"),
        cancelled: (PaymentState.CANCELLED, "Pagesën e anuluat ju."),
    }
    states = []
    for payment, (state, says) in said.items():
        assert (await world.faturat.payments.get("c1", payment.id)).state is state
        states.append(State(f"/pagesat/{payment.id}", says))
    return [
        *states,
        State(f"/faturat/fatura/{ids['F2']}", "Një pagesë e kësaj fature është në kryerje"),
        State("/pagesat", "Në shqyrtim"),
    ]


async def _contracts(world: World) -> list[State]:
    """One whose standing order leaves invoices to its customer, one that is none, and references that are none."""
    today = company_day(world.clock.now())
    dates = {"issued_on": today - DAY, "due_on": today + 9 * DAY}
    world.biller.invoices["CD34"] = [make_invoice("G1", 900_00, **dates), make_invoice("G2", 1000_01, **dates)]
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "CD34"}, "Zyra")
    terms = Terms(account="savings", most_per_invoice=1000_00, most_per_month=2000_00, days_before=3)
    await world.faturat.autopay.set("c1", made.contract.id, terms)
    await world.faturat.autopay.run()
    return [
        State(f"/faturat/kontrata/{made.contract.id}", "Nuk paguhen automatikisht"),
        State("/faturat/kontrata/ctr_0", "nuk gjendet"),
        State("/paguaj/fake", "nuk e njeh këtë numër", {"f-code": "ZZ99"}),
        State("/faturat/regjistro/fake", "nuk e njeh këtë numër", {"f-code": "ZZ99", "name": "Dyqani"}),
    ]


async def _invoices(world: World) -> list[State]:
    """With a choice and a range of amounts, those that are not to be paid any more, and several that were found."""
    choices = PayChoices(
        (
            PayChoice(1240_00, Text("Detyrimi dhe kamata", "Principal and late penalty")),
            PayChoice(1200_00, Text("Vetëm detyrimi", "Principal only")),
        )
    )
    chosen = make_invoice("H1", 1240_00, amount=1200_00, penalty=40_00, payable=choices)
    ranged = make_invoice("H2", 1707_40, payable=PayRange(100_00, 1707_40))
    gone = [make_invoice("H3", 500_00), make_invoice("H4", 700_00)]
    world.biller.invoices["EF56"] = [chosen, ranged, *gone]
    made = await world.faturat.contracts.register("c1", "fake", None, {"code": "EF56"}, "Shtëpia e prindërve")
    world.biller.invoices["EF56"] = [chosen, ranged, make_invoice("H4", 700_00, paid_by_order="another-channel-1")]
    await world.faturat.invoices.refresh_all("fake", [made.contract])
    ids = {each.invoice.number: each.id for each in await world.faturat.invoices.of("c1", contract=made.contract.id)}
    found = await world.faturat.invoices.look_up("c1", "fake", None, {"code": "CD34"})
    quotes = ",".join(each.id for each in found.quotes)
    return [
        State(f"/faturat/fatura/{ids['H1']}", "Vetëm detyrimi"),
        State(f"/faturat/fatura/{ids['H2']}", "Shuma për t'u paguar"),
        State(f"/faturat/fatura/{ids['H2']}/konfirmo?llogaria=savings&shuma=1", "Pranohet"),
        State(f"/faturat/fatura/{ids['H3']}", "nuk e kërkon më këtë faturë"),
        State(f"/faturat/fatura/{ids['H4']}", "është paguar gjetkë"),
        State("/faturat/kompania/fake", "Nuk kërkohen më për pagesë"),
        State(f"/paguaj/fake/faturat?gjetur={quotes}", "G2"),
    ]


async def _devices(world: World) -> list[State]:
    """Two: one that a test reached, one that it did not."""
    now = world.clock.now()
    for number, failure in enumerate((None, Failure.NOT_TAKEN)):
        device, endpoint = f"dev_{number}", f"https://fcm.googleapis.com/fcm/send/{number}"
        keys = {"p256dh": "", "auth": ""}
        await DeviceRow.insert(
            DeviceRow(id=device, customer="c1", username="demo", endpoint=endpoint, created_at=now, **keys)
        )
        await log_delivery(device, "not_1", "payment_settled", None, now)
        await log_delivery(device, "test_1", TEST, failure, now)
    return [
        State("/njoftimet/cilesimet", "Në pajisjet tuaja"),
        State("/njoftimet/cilesimet?prova=dev_0", "u nis"),
        State("/njoftimet/cilesimet?prova=dev_1", "nuk u dërgua dot"),
        State("/njoftimet/cilesimet?prova=iku", "prandaj u hoq"),
        State("/njoftimet/cilesimet?prova=sapo", "Sapo dërguat një provë"),
        State("/njoftimet/pajisjet/dev_1", "Nuk u dorëzua"),
        State("/njoftimet/cilesimet", "nuk është orë", {"nga": "", "deri": ""}),
    ]


async def _channels(world: World) -> list[State]:
    """One of each kind but SMS, for five are all that there may be: links and codes are for one more."""
    now = world.clock.now()
    fails = {Kind.MAIL: Failure.NO_ANSWER, Kind.WEBHOOK: Failure.PRIVATE}
    for kind in (Kind.WEBHOOK, Kind.NTFY, Kind.MAIL, Kind.TELEGRAM):
        await _add_channel(world, kind)
        await log_delivery(_id(kind), "not_1", "invoice_new", None, now)
        await log_delivery(_id(kind), "test_1", TEST, fails.get(kind), now)
    await _add_channel(world, Kind.SMS)
    await forget(_id(Kind.SMS), now)
    code = {"id": "cod_1", "customer": "c1", "username": "demo", "kind": Kind.MAIL, "address": "a@mail.example"}
    await CodeRow.insert(CodeRow(**code, hash="", sent_at=now, tries=0))
    page = "/njoftimet/kanalet"
    return [
        State(page, "ntfy.bank.example"),
        State(f"{page}?hequr={_id(Kind.SMS)}", "ndaj kanali u hoq"),
        *(State(f"{page}/{_id(kind)}?prova=po", "nuk u dorëzua: ") for kind in fails),
        State(f"{page}/{_id(Kind.NTFY)}?prova=po", "u dorëzua."),
        State(f"{page}/{_id(Kind.TELEGRAM)}?prova=sapo", "Sapo dërguat një provë"),
        State(f"{page}/shto/telegram", "Hap Telegram-in", {}),
        State(f"{page}/shto/mail/kodi/cod_1", "Kodi nuk është i saktë", {"kodi": "no"}),
        State(f"{page}/shto/mail", "Kjo nuk është adresë e-maili", {"adresa": "test.test"}),
        State(f"{page}/shto/sms", "vetëm te numra që fillojnë me +355", {"adresa": "+1 900 123 4567"}),
        State(f"{page}/shto/ntfy", "8 deri në 64 shenja", {"tema": "a"}),
        State(f"{page}/shto/webhook", "duhet të fillojë me https:", {"adresa": "http://program.example/"}),
    ]


async def _add_channel(world: World, kind: Kind) -> None:
    row = {"customer": "c1", "username": "demo", "created_at": world.clock.now()}
    secret = new_secret() if kind is Kind.WEBHOOK else ""
    await ChannelRow.insert(ChannelRow(id=_id(kind), kind=kind.value, address=ADDRESSES[kind], secret=secret, **row))


def _id(kind: Kind) -> str:
    """Of the channel of a kind."""
    return f"chn_{kind}"
