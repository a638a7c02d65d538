"""Reconciliations as operators see them: what was compared lately, one comparison, and the form that makes one now."""

import asyncio
from datetime import timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from faturat import Faturat, FaturatError, FindingKind, Reconciliation
from faturat.clock import company_day
from faturat.reconciliation.wording import KINDS, NOTES, next_step
from faturat_server.failures import status_of
from faturat_server.pages.facts import biller_name, known_biller
from faturat_server.pages.forms import read_form
from faturat_server.pages.operator_words import STATES
from faturat_server.pages.rendering import Page, PageRequest, go_to, render
from faturat_server.reconciliations import as_csv, as_json, read_day

A_MONTH, A_YEAR = 31, 366
"""How many of a company are listed beside the others, and alone."""
SHOWN = 200
"""How many findings a page shows of each sort; a statement may have 200,000, and the files have them all."""


@get("/operatori/krahasimet")
async def reconciliation_list(
    request: PageRequest, faturat: NamedDependency[Faturat], kompania: FromQuery[str] = ""
) -> Page:
    """The newest of every company, or more of the one company `kompania`."""
    return await _list(request, faturat, kompania)


@post("/operatori/krahasimet")
async def reconcile(request: PageRequest, faturat: NamedDependency[Faturat]) -> Page:
    sent = await read_form(request)
    company, day = sent.get("kompania", ""), sent.get("dita", "")
    try:
        made = await faturat.reconciliation.run(known_biller(faturat, company).id, read_day(day))
    except FaturatError as error:
        return await _list(request, faturat, error=error, typed=(company, day))
    return go_to(f"/operatori/krahasimet/{made.id}")


@get("/operatori/krahasimet/{reconciliation:str}")
async def reconciliation_page(
    request: PageRequest, faturat: NamedDependency[Faturat], reconciliation: FromPath[str]
) -> Page:
    made = await faturat.reconciliation.get(reconciliation)
    differences = made.differences
    matched = [finding for finding in made.findings if finding.kind is FindingKind.MATCHED]
    return render(
        request,
        "operator_reconciliation.html",
        made=made,
        biller_name=biller_name(faturat, made.biller),
        differences=differences[:SHOWN],
        # those with something to say about them first
        matched=sorted(matched, key=lambda finding: not finding.notes)[:SHOWN],
        shown=SHOWN,
        kinds=KINDS,
        notes=NOTES,
        states=STATES,
        next_step=next_step,
    )


@get("/operatori/krahasimet/{reconciliation:str}/csv")
async def reconciliation_csv(faturat: NamedDependency[Faturat], reconciliation: FromPath[str]) -> Page:
    made = await faturat.reconciliation.get(reconciliation)
    return _file(made, "csv", "text/csv; charset=utf-8", (await asyncio.to_thread(as_csv, made)).encode())


@get("/operatori/krahasimet/{reconciliation:str}/json")
async def reconciliation_json(faturat: NamedDependency[Faturat], reconciliation: FromPath[str]) -> Page:
    made = await faturat.reconciliation.get(reconciliation)
    return _file(made, "json", "application/json", await asyncio.to_thread(as_json, made))


async def _list(
    request: PageRequest,
    faturat: Faturat,
    company: str = "",
    error: FaturatError | None = None,
    typed: tuple[str, str] | None = None,
) -> Page:
    """The form and what was made; `error` and `typed` (company and day) are of an attempt to make one."""
    billers = list(faturat.billers.values())
    listed, limit = ([known_biller(faturat, company)], A_YEAR) if company else (billers, A_MONTH)
    found = [(biller, await faturat.reconciliation.of(biller.id, limit + 1)) for biller in listed]
    yesterday = company_day(faturat.clock.now()) - timedelta(days=1)
    return render(
        request,
        "operator_reconciliations.html",
        200 if error is None else status_of(error),
        billers=billers,
        found=[(biller, made[:limit], len(made) > limit) for biller, made in found if made],
        alone=bool(company),
        kinds=KINDS,
        typed=typed or (company, yesterday.isoformat()),
        day_error=error if error is not None and error.field == "day" else None,
        # all else is about the company, as where it does not answer
        company_error=error if error is not None and error.field != "day" else None,
    )


def _file(made: Reconciliation, form: str, media_type: str, content: bytes) -> Page:
    """A download; it names orders, so no browser keeps it on the way."""
    name = f"{made.biller}-{made.day.isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
