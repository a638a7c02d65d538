"""Registering a contract: choose the company, enter the reference and a name, see that it was created."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from faturat import Biller, Faturat, FaturatError
from faturat.contracts.service import read_name
from faturat_server.access.types import User
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.service import ChannelService
from faturat_server.failures import status_of
from faturat_server.pages.bills import today_in_tirane
from faturat_server.pages.channel_adding import PAGE as CHANNELS
from faturat_server.pages.choice import choice_of
from faturat_server.pages.facts import biller_name, by_due_day, known_biller, reference_facts, scheduled_for, under_way
from faturat_server.pages.forms import look_alikes, read_form, reference_form, reference_values
from faturat_server.pages.notice_settings import PAGE as SETTINGS
from faturat_server.pages.owed import UNPAID
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import trouble_with
from faturat_server.push.service import NotificationService


@get("/faturat/regjistro")
async def choose_company(
    request: PageRequest, faturat: NamedDependency[Faturat], kompania: FromQuery[str | None] = None
) -> Page:
    """The choice of a company; `kompania` is what was chosen, if anything was."""
    if kompania in faturat.billers:
        return go_to(f"/faturat/regjistro/{kompania}")
    billers = [each for each in faturat.billers.values() if _registrable(each)]
    wrong = "vazhdo" in request.query_params
    troubles = {each.id: await trouble_with(faturat, each.id) for each in billers}
    return render(request, "choose.html", 422 if wrong else 200, billers=billers, wrong=wrong, troubles=troubles)


@get("/faturat/regjistro/{biller:str}")
async def registration(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    biller: FromPath[str],
    menyra: FromQuery[str | None] = None,
    fatura: FromQuery[str] = "",
) -> Page:
    """The form; `menyra` is the reference kind, `fatura` an invoice whose reference it begins with."""
    values: dict[str, str] = {}
    if fatura:
        known = await faturat.invoices.find(user.customer, fatura)
        if known is not None and known.biller == biller:
            menyra, values = known.reference.kind, known.reference.values
    form = reference_form(known_biller(faturat, biller), menyra, values, register=True)
    trouble = await trouble_with(faturat, biller)
    return render(request, "register.html", form=form, name="", name_error=None, trouble=trouble)


@post("/faturat/regjistro/{biller:str}")
async def register(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], biller: FromPath[str]
) -> Page:
    known = known_biller(faturat, biller)
    sent = await read_form(request)
    kind, name, typed = sent.get("kind"), sent.get("name", ""), reference_values(sent)
    try:
        registered = await faturat.contracts.register(user.customer, biller, kind, typed, name)
    except FaturatError as error:
        form = reference_form(known, kind, typed, register=True, error=error, own_fields=("name",))
        shown = {"form": form, "name": name, "name_error": _wrong_name(name)}
        return render(request, "register.html", status_of(error), trouble=await trouble_with(faturat, biller), **shown)
    return go_to(f"/faturat/kontrata/{registered.contract.id}/krijuar")


@get("/faturat/kontrata/{contract:str}/krijuar")
async def registered(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    notifications: NamedDependency[NotificationService],
    channels: NamedDependency[ChannelService],
    channel_adding: NamedDependency[ChannelAdding],
    contract: FromPath[str],
) -> Page:
    found = await faturat.contracts.get(user.customer, contract)
    biller = faturat.billers.get(found.biller)
    unpaid = await faturat.invoices.of(user.customer, contract=found.id, states=UNPAID)
    scheduled = await scheduled_for(faturat, user.customer, unpaid)
    return render(
        request,
        "registered.html",
        contract=found,
        biller_name=biller_name(faturat, found.biller),
        facts=reference_facts(faturat, found.biller, found.reference),
        warnings=() if biller is None else look_alikes(biller, found.reference),
        unpaid=sorted(unpaid, key=by_due_day),
        scheduled=scheduled,
        choose=choice_of(request, unpaid, scheduled),
        paying=await under_way(faturat, user.customer, unpaid),
        today=today_in_tirane(faturat),
        notify=await _where_to_turn_notices_on(user.customer, notifications, channels, channel_adding),
    )


def _wrong_name(name: str) -> FaturatError | None:
    """Said with what is wrong with the reference, so that nobody sends the form twice to hear of both."""
    try:
        read_name(name)
    except FaturatError as error:
        return error
    return None


async def _where_to_turn_notices_on(
    customer: str, notifications: NotificationService, channels: ChannelService, channel_adding: ChannelAdding
) -> str | None:
    """None where some device or channel of the customer gets them, or the bank sends none."""
    found = await notifications.of(customer)
    if found.devices or await channels.of(customer):
        return None
    if found.public_key is not None:
        return SETTINGS
    return CHANNELS if channel_adding.kinds else None


def _registrable(biller: Biller) -> bool:
    return any(kind.registrable for kind in biller.reference_kinds)
