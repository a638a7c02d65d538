"""The files that pages ask for beside themselves, each under an address with the hash of its content."""

import hashlib
from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from msgspec import Struct

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
A_YEAR = 365 * 24 * 3600


class StaticFile(Struct, frozen=True):
    content: bytes
    media_type: str
    version: str
    """Of its content: another content has another one."""


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, KINDS[path.suffix], hashlib.sha256(content).hexdigest()[:16])


FILES = {path.name: _read(path) for path in sorted(FOLDER.iterdir())}


def static_address(name: str) -> str:
    """Where a page asks for a file; raises KeyError for one that is not there."""
    return f"/static/{name}?v={FILES[name].version}"


@get("/static/{name:str}")
async def static_file(name: FromPath[str], v: FromQuery[str] = "") -> Response[bytes]:
    """A file; a browser keeps it where it asked for the very content that it gets."""
    if name not in FILES:
        raise NotFoundException
    file = FILES[name]
    keep = f"public, max-age={A_YEAR}, immutable" if v == file.version else "no-cache"
    return Response(file.content, media_type=file.media_type, headers={"Cache-Control": keep})
