"""Faturat among a device's own apps: what the device is told of it, and how to put it there."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from faturat import Language, Text
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.statics import static_address
from faturat_server.pages.visitor import read_language
from faturat_server.settings import ServerSettings

NAME = Text("Faturat e mia", "My bills")
DESCRIPTION = Text(
    "Shihni faturat e papaguara dhe paguajini nga llogaria juaj.",
    "See your unpaid bills and pay them from your account.",
)
ACCENT, PAPER = "#0b5c6b", "#f4f6f7"
"""As in faturat.css: behind the icon's receipt, and behind the page while it opens."""
ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


@get("/manifest.webmanifest")
async def manifest(settings: NamedDependency[ServerSettings], gjuha: FromQuery[str] = "") -> Response[dict[str, Any]]:
    """The web app's manifest in the language of the page that names it: a browser asks for it without cookies."""
    language: Language = read_language(gjuha) or settings.web.language
    icons = [
        {"src": static_address(name), "sizes": sizes, "purpose": purpose, "type": _media_type(name)}
        for name, sizes, purpose in ICONS
    ]
    content = {
        "id": "/faturat",
        "name": NAME.to(language),
        "short_name": "Faturat",
        "description": DESCRIPTION.to(language),
        "lang": language,
        "start_url": "/faturat",
        "scope": "/",
        "display": "standalone",
        "theme_color": ACCENT,
        "background_color": PAPER,
        "icons": icons,
    }
    return Response(content, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@get("/ekrani")
async def add_to_screen(request: PageRequest) -> Page:
    """How to put Faturat on a phone's screen."""
    return render(request, "add_to_screen.html")


def _media_type(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"
