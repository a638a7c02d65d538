"""Running a host: the web application and the worker in one process, until somebody says stop."""

import asyncio
import signal
import socket
from collections.abc import Callable

import click
from granian.constants import Interfaces
from granian.server.embed import Server
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar import Litestar

from faturat import work
from faturat.host import Host
from faturat.settings import BadSettings
from faturat_server.app import create_app
from faturat_server.settings import ServerSettings, WebSettings


def stop_signals() -> asyncio.Event:
    """An event that Ctrl-C and SIGTERM set. A second one ends the process at once: recovery does the rest."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    both = (signal.SIGINT, signal.SIGTERM)

    def begin_to_stop() -> None:
        click.echo("Stopping ... (once more stops at once)", err=True)
        stop.set()
        for number in both:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in both:
        loop.add_signal_handler(number, begin_to_stop)
    return stop


def require_free(host: str, port: int) -> None:
    """Raise BadSettings where somebody listens already: said before anything else is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(f"{host}:{port} cannot be used: {error.strerror}. Choose another port.") from error


async def serve(
    host: Host, settings: ServerSettings, stop: asyncio.Event, ready: Callable[[], None], *, worker: bool
) -> None:
    """Serve pages and API, and do the worker's part too where `worker` says so, until `stop` is set.

    `ready` is called once the address answers.
    """
    server = web_server(create_app(host, settings), settings.web)
    async with asyncio.TaskGroup() as tasks:
        web = tasks.create_task(server.serve())
        if worker:
            tasks.create_task(work(host.faturat, stop))
        await _answers(settings.web.host, settings.web.port)
        ready()
        await stop.wait()
        server.stop()
        # a payment under way may end first; a request that never comes to its end may not hold us
        await asyncio.wait([web], timeout=settings.engine.biller_call + settings.engine.bank_call)
        web.cancel()


async def _answers(host: str, port: int) -> None:
    """Until a connection is taken; the server says nothing by itself when it begins to listen."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def web_server(app: Litestar, web: WebSettings) -> Server:
    """The one HTTP server: granian, in this process's event loop, so that a kill takes web and worker together."""
    target = wrap_asgi_with_proxy_headers(app, list(web.trusted_proxies)) if web.trusted_proxies else app
    return Server(
        target, address=web.host, port=web.port, interface=Interfaces.ASGI, websockets=False, log_enabled=False
    )
