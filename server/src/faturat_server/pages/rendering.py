"""From a template and its data to a page in the visitor's language."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Protocol, TypeAlias, cast

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.response import Redirect
from litestar.template.base import csrf_token

from faturat import FaturatError, Language, Text, format_amount, to_decimal
from faturat.clock import TIRANE
from faturat_server.pages.statics import static_address
from faturat_server.pages.visitor import language_of, user_of
from faturat_server.pages.wording import read_wording

PageRequest: TypeAlias = Request[Any, Any, Any]
Page: TypeAlias = Response[Any]


class _Translated(Protocol):
    """What Jinja's i18n extension adds to an environment."""

    def install_gettext_callables(
        self, gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str], newstyle: bool
    ) -> None: ...


def render(request: PageRequest, template: str, status_code: int = 200, /, **content: Any) -> Page:
    """A page. It is never kept by a browser: it shows personal data, and its forms are good for one use."""
    language, user = language_of(request), user_of(request)
    text = (
        environment(language)
        .get_template(template)
        .render(
            content,
            language=language,
            user=user,
            home="/" if user is None else user.home,
            token=csrf_token({"request": request}),
            here=here(request),
        )
    )
    return Response(text, status_code=status_code, media_type=MediaType.HTML, headers={"Cache-Control": "no-store"})


def go_to(path: str) -> Page:
    """Where a POST leads: a page that can be loaded again without doing anything again."""
    return Redirect(path, status_code=303)


@cache
def environment(language: Language) -> Environment:
    """The templates in one language, with the filters that write amounts, dates and texts in it."""
    made = Environment(
        loader=PackageLoader("faturat_server.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    wording = read_wording(language)
    made.policies["ext.i18n.trimmed"] = True
    cast(_Translated, made).install_gettext_callables(wording.gettext, wording.ngettext, newstyle=True)

    def write_amount(minor: int, currency: str) -> str:
        return format_amount(minor, currency, language)

    def write_text(text: Text) -> str:
        return text.to(language)

    def write_message(error: FaturatError) -> str:
        return error.message(language)

    made.globals["static"] = static_address
    made.filters |= {
        "amount": write_amount,
        "text": write_text,
        "message": write_message,
        "date": write_date,
        "month": partial(write_month, language=language),
        "moment": write_moment,
        "second": write_second,
        "decimal": to_decimal,
    }
    return made


def write_date(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def write_month(day: date, language: Language) -> str:
    """The month of a day in words: `nëntor 2026`."""
    return format_date(day, "LLLL yyyy", locale=language)


def write_moment(moment: datetime) -> str:
    """A moment as the clocks in Albania show it."""
    return f"{moment.astimezone(TIRANE):%d.%m.%Y %H:%M}"


def write_second(moment: datetime) -> str:
    """The same to the second, for what is compared with other records."""
    return f"{moment.astimezone(TIRANE):%d.%m.%Y %H:%M:%S}"


def here(request: PageRequest) -> str:
    """This page, for the language switch to come back to; an answer to a POST has a form to come back to."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def own_path(path: str) -> str:
    """A path on this server, or / , from which everybody comes to their first page, for one that leads elsewhere."""
    # one slash and no backslash: no browser takes what follows for another host
    plain = path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"
