"""Who looks at a page, and in which language."""

from typing import Any

from litestar import Request

from faturat import Language
from faturat.text import LANGUAGES
from faturat_server.access.types import User
from faturat_server.languages import accepted_language

LANGUAGE_COOKIE = "gjuha"
"""The language of whoever is not logged in."""


def user_of(request: Request[Any, Any, Any]) -> User | None:
    """Whoever is logged in."""
    user: User | None = request.scope.get("user")
    return user


def language_of(request: Request[Any, Any, Any]) -> Language:
    user = user_of(request)
    if user is not None:
        return user.language
    chosen = read_language(request.cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or accepted_language(request.headers.get("accept-language", "")) or _usual(request)


def read_language(code: str) -> Language | None:
    return next((each for each in LANGUAGES if each == code), None)


def _usual(request: Request[Any, Any, Any]) -> Language:
    usual: Language = request.app.state.settings.web.language
    return usual
