"""The web application on one host: API, pages, health and metrics."""

from litestar import Litestar

from faturat.host import Host
from faturat_server.settings import ServerSettings


def create_app(host: Host, settings: ServerSettings) -> Litestar:
    raise NotImplementedError
