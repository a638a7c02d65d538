"""Companies, and what they ask for a reference without registering it."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from faturat import Biller, Faturat, Health, Language
from faturat.references import LookAlikeWarning
from faturat_server.access.types import User
from faturat_server.api import asked, wire
from faturat_server.api.invoices import write_invoice
from faturat_server.api.problems import problems
from faturat_server.wording import invoice_messages

REFERENCE_PROBLEMS = (
    "field_required",
    "field_too_long",
    "field_wrong_length",
    "field_bad_characters",
    "field_other_script",
    "field_bad_shape",
    "field_unknown",
    "bad_reference_kind",
    "unknown_reference",
    "too_many_look_ups",
    "biller_unavailable",
    "biller_busy",
    "biller_bad_reply",
)


@get("/billers", summary="List the companies", tags=["Companies"], responses=problems())
async def list_billers(
    faturat: NamedDependency[Faturat], language: NamedDependency[Language]
) -> wire.Page[wire.Biller]:
    """The companies that can be paid, with the fields by which each knows a contract."""
    found = [write_biller(biller, await faturat.health.of(biller.id), language) for biller in faturat.billers.values()]
    return wire.Page(found, None)


@post(
    "/billers/{biller_id:str}/lookup",
    status_code=200,
    summary="Look up a reference",
    tags=["Companies"],
    responses=problems("unknown_biller", *REFERENCE_PROBLEMS),
)
async def look_up(
    biller_id: FromPath[str],
    data: JSONBody[asked.LookUp],
    faturat: NamedDependency[Faturat],
    user: NamedDependency[User],
    language: NamedDependency[Language],
) -> wire.Found:
    """What a company asks for a reference now. Nothing is registered; each invoice found may be paid."""
    kind, values = read_reference_values(data.reference)
    found = await faturat.invoices.look_up(user.customer, biller_id, kind, values)
    messages = await invoice_messages(faturat, found.quotes, language)
    return wire.Found(
        subscriber=found.subscriber.masked,
        invoices=[write_invoice(quote, language, messages[quote.id]) for quote in found.quotes],
        warnings=write_warnings(found.warnings, language),
    )


def read_reference_values(sent: dict[str, str]) -> tuple[str | None, dict[str, str]]:
    """The kind, if it was said, and the fields."""
    return sent.get("kind"), {name: value for name, value in sent.items() if name != "kind"}


def write_warnings(warnings: tuple[LookAlikeWarning, ...], language: Language) -> list[wire.Warning]:
    return [wire.Warning(warning.field, warning.text.to(language)) for warning in warnings]


def write_biller(biller: Biller, health: Health, language: Language) -> wire.Biller:
    kinds = [
        wire.ReferenceKind(
            kind=kind.id,
            label=kind.label.to(language),
            registrable=kind.registrable,
            fields=[
                wire.Field(
                    id=field.id,
                    label=field.label.to(language),
                    help=field.help.to(language),
                    example=field.example,
                    pattern=field.pattern,
                )
                for field in kind.fields
            ],
        )
        for kind in biller.reference_kinds
    ]
    able = biller.capabilities
    return wire.Biller(
        id=biller.id,
        name=biller.name,
        category=biller.category,
        currency=biller.currency,
        references=kinds,
        capabilities=wire.Capabilities(live_quote=able.live_quote, parts=able.parts, settles_later=able.settles_later),
        health=wire.Health(health.state, health.since),
    )
