"""Where Telegram posts what the operator's bot hears: of all that, only who opened a link of ours is kept."""

import hmac
from typing import Any

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException

from faturat import FaturatError
from faturat_server.channels.adding import ChannelAdding
from faturat_server.channels.telegram import welcome

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@post("/telegram")
async def take_update(request: Request[Any, Any, Any], channel_adding: NamedDependency[ChannelAdding]) -> Response[Any]:
    """200 for whatever was said to the bot, or Telegram would bring it again; 404 where the bank has no bot.

    So also for a chat that opens too many links. Who does not know the secret is refused before anything is read.
    """
    if channel_adding.telegram is None:
        raise FaturatError("not_found")
    said = request.headers.get(HEADER, "")
    if not hmac.compare_digest(said.encode(), channel_adding.telegram.secret.encode()):
        raise FaturatError("not_logged_in")
    try:
        update = await request.body()
    except HTTPException:  # larger than any link of ours makes it
        return Response(None, status_code=200)
    start = await channel_adding.take_update(update)
    return Response(None if start is None else welcome(start), status_code=200)


def telegram_routes() -> Router:
    return Router("/", route_handlers=[take_update], opt={"exclude_from_auth": True, "exclude_from_csrf": True})
