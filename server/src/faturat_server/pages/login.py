"""Coming in, going out, and the language switch."""

from urllib.parse import quote

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery

from faturat import FaturatError
from faturat_server.access.middleware import COOKIE
from faturat_server.access.service import Access
from faturat_server.failures import status_of
from faturat_server.pages.forms import read_form
from faturat_server.pages.rendering import Page, PageRequest, go_to, here, own_path, render
from faturat_server.pages.visitor import LANGUAGE_COOKIE, read_language, user_of
from faturat_server.settings import ServerSettings

A_YEAR = 365 * 24 * 3600


@get("/hyr")
async def login_form(request: PageRequest, vijo: FromQuery[str] = "/") -> Page:
    """The log-in; `vijo` is the page to go on to."""
    if user_of(request) is not None:
        return go_to(own_path(vijo))
    return render(request, "login.html", username="", onward=own_path(vijo), error=None)


@post("/hyr")
async def log_in(
    request: PageRequest, access: NamedDependency[Access], settings: NamedDependency[ServerSettings]
) -> Page:
    sent = await read_form(request)
    username, onward = sent.get("emri", ""), own_path(sent.get("vijo", ""))
    source = request.client.host if request.client is not None else ""
    try:
        token, user = await access.log_in(username.strip().lower(), sent.get("fjalekalimi", ""), source, "web")
    except FaturatError as error:
        return render(request, "login.html", status_of(error), username=username, onward=onward, error=error)
    chosen = read_language(request.cookies.get(LANGUAGE_COOKIE, ""))
    if chosen is not None and chosen != user.language:
        await access.set_language(user.username, chosen)
    page = go_to(onward)
    page.set_cookie(_cookie(settings, COOKIE, token, settings.web.session_hours * 3600))
    return page


@post("/dil")
async def log_out(
    request: PageRequest, access: NamedDependency[Access], settings: NamedDependency[ServerSettings]
) -> Page:
    if request.auth:
        await access.log_out(request.auth)
    page = go_to("/hyr")
    page.set_cookie(_cookie(settings, COOKIE, "", 0))
    return page


@post("/gjuha")
async def choose_language(
    request: PageRequest, access: NamedDependency[Access], settings: NamedDependency[ServerSettings]
) -> Page:
    """Keep the language with the user, and in a cookie for when nobody is logged in."""
    sent = await read_form(request)
    page = go_to(own_path(sent.get("kthehu", "")))
    language = read_language(sent.get("gjuha", ""))
    if language is None:
        return page
    user = user_of(request)
    if user is not None:
        await access.set_language(user.username, language)
    page.set_cookie(_cookie(settings, LANGUAGE_COOKIE, language, A_YEAR))
    return page


def login_path(request: PageRequest) -> str:
    """The log-in that leads back to a page; after a POST, back to the first one."""
    if request.method not in ("GET", "HEAD"):
        return "/hyr"
    return f"/hyr?vijo={quote(here(request), safe='/')}"


def _cookie(settings: ServerSettings, name: str, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=name, value=value, max_age=max_age, httponly=True, secure=settings.web.secure_cookies, samesite="lax"
    )
