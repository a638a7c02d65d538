"""Paying without registering: ask the company for a reference, see what it asks for, then perhaps register it."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from faturat import Faturat, FaturatError, KnownInvoice
from faturat_server.access.types import User
from faturat_server.failures import status_of
from faturat_server.pages.bills import today_in_tirane
from faturat_server.pages.choice import choice_of
from faturat_server.pages.facts import invoice_facts, known_biller, shown_subscriber, under_way
from faturat_server.pages.forms import look_alikes, read_form, reference_form, reference_values
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.pages.troubles import trouble_with
from faturat_server.pages.visitor import language_of
from faturat_server.wording import invoice_messages


@get("/paguaj/{biller:str}")
async def look_up_form(
    request: PageRequest, faturat: NamedDependency[Faturat], biller: FromPath[str], menyra: FromQuery[str | None] = None
) -> Page:
    form = reference_form(known_biller(faturat, biller), menyra, {}, register=False)
    return render(request, "look_up.html", form=form, trouble=await trouble_with(faturat, biller))


@post("/paguaj/{biller:str}")
async def look_up(
    request: PageRequest, faturat: NamedDependency[Faturat], user: NamedDependency[User], biller: FromPath[str]
) -> Page:
    known = known_biller(faturat, biller)
    sent = await read_form(request)
    kind, typed = sent.get("kind"), reference_values(sent)
    try:
        found = await faturat.invoices.look_up(user.customer, biller, kind, typed)
    except FaturatError as error:
        form = reference_form(known, kind, typed, register=False, error=error)
        return render(request, "look_up.html", status_of(error), form=form, trouble=await trouble_with(faturat, biller))
    quotes = ",".join(quote.id for quote in found.quotes)
    return go_to(f"/paguaj/{biller}/faturat?gjetur={quotes}")


@get("/paguaj/{biller:str}/faturat")
async def found_invoices(
    request: PageRequest,
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    biller: FromPath[str],
    gjetur: FromQuery[str | None] = None,
) -> Page:
    """What a look-up found. Its quotes are in the address, nothing that tells whose they are."""
    known = known_biller(faturat, biller)
    if gjetur is None:
        return go_to(f"/paguaj/{biller}")
    ids = dict.fromkeys(each for each in gjetur.split(",") if each)
    quotes = [await faturat.invoices.get(user.customer, each) for each in list(ids)[: known.max_invoices]]
    first = quotes[0] if quotes else None
    kind = None if first is None else known.kind(first.reference.kind)
    return render(
        request,
        "found.html",
        biller=known,
        quotes=quotes,
        choose=choice_of(request, quotes),
        paying=await under_way(faturat, user.customer, quotes),
        messages=await invoice_messages(faturat, quotes, language_of(request)),
        facts=() if first is None else invoice_facts(faturat, first),
        subscriber="" if first is None else shown_subscriber(first),
        warnings=() if first is None else look_alikes(known, first.reference),
        register=registration_path(first) if first is not None and kind is not None and kind.registrable else None,
        today=today_in_tirane(faturat),
    )


def registration_path(known: KnownInvoice) -> str:
    """Where the reference of an invoice can be registered."""
    return f"/faturat/regjistro/{known.biller}?fatura={known.id}"
