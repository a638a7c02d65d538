"""Who is logged in."""

from typing import Literal, TypeAlias

from msgspec import Struct

from faturat import Language

Role: TypeAlias = Literal["customer", "operator"]


class User(Struct, frozen=True):
    """A person who may log in.

    `customer` is the bank's opaque id, by which everything of theirs is kept; an operator has none, and it is empty.
    """

    username: str
    customer: str
    language: Language
    role: Role = "customer"

    @property
    def home(self) -> str:
        """The page that they begin with."""
        return "/operatori" if self.role == "operator" else "/faturat"
