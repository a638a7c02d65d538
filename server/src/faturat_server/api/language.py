"""In which language a request is answered: what it asks for, else what its user chose, else the server's own."""

from typing import Any

from litestar.connection import ASGIConnection

from faturat import Language
from faturat.text import LANGUAGES
from faturat_server.settings import ServerSettings

MOST_WISHES = 20


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Language:
    wished = accepted_language(connection.headers.get("accept-language", ""))
    if wished is not None:
        return wished
    # where no route was found, nobody has asked who the user is
    user = connection.scope.get("user")
    settings: ServerSettings = connection.app.state.settings
    return user.language if user is not None else settings.web.language


def accepted_language(header: str) -> Language | None:
    """The first of our languages by the weights of an Accept-Language header; None where it names neither."""
    weights: dict[Language, float] = {}
    for wish in header.split(",")[:MOST_WISHES]:
        tag, _, weight = wish.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = next((each for each in LANGUAGES if each == primary), None)
        if language is not None:
            weights[language] = max(weights.get(language, 0.0), _weight(weight))
    best = max(weights, key=lambda language: weights[language], default=None)
    return best if best is not None and weights[best] > 0 else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
