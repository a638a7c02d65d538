"""Who is logged in."""

from msgspec import Struct

from faturat import Language


class User(Struct, frozen=True):
    """A person who may log in. `customer` is the bank's opaque id, by which everything of theirs is kept."""

    username: str
    customer: str
    language: Language
