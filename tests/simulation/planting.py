"""How a bug is planted: for as long as a context lasts, one function of the engine is another."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

Bug = Callable[[], AbstractContextManager[None]]
BUGS: dict[str, Bug] = {}


def planted(owner: Any, attribute: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register a bug under its function's name; the function gets what it replaces and returns what replaces it."""

    def register(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @contextmanager
        def plant() -> Iterator[None]:
            original = vars(owner)[attribute]
            setattr(owner, attribute, make(original))
            try:
                yield
            finally:
                setattr(owner, attribute, original)

        BUGS[make.__name__] = plant
        return make

    return register
