"""In which language a request is answered: what it asks for, else what its user chose, else the server's own."""

from typing import Any

from litestar.connection import ASGIConnection

from faturat import Language
from faturat_server.languages import accepted_language
from faturat_server.settings import ServerSettings


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Language:
    wished = accepted_language(connection.headers.get("accept-language", ""))
    if wished is not None:
        return wished
    # where no route was found, nobody has asked who the user is
    user = connection.scope.get("user")
    settings: ServerSettings = connection.app.state.settings
    return user.language if user is not None else settings.web.language
