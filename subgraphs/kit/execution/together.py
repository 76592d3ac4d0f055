"""Fields that are resolved for many objects by one call: a list costs what one of its items does."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

__all__ = ["ResolveMany", "resolves_many", "together"]

ResolveMany: TypeAlias = Callable[..., Awaitable[Sequence[Any]]]
"""``(sources, info, **arguments)`` to a value, or an exception, for each source in their order."""

_MARK = "_compiled_execution_resolves_many"


def together(resolve: ResolveMany) -> Callable[..., Awaitable[Any]]:
    """A resolver for ``strawberry.field(resolver=…)`` of an annotated attribute.

    Compiled, ``resolve`` is called once for all the objects that come to the field in one pass of an
    operation, by the stock executor for each object alone. What it raises fails the field of each.
    """
    signature = inspect.signature(resolve)
    source, *others = signature.parameters.values()

    async def one(self: Any, **arguments: Any) -> Any:
        (value,) = await resolve([self], **arguments)
        if isinstance(value, Exception):
            raise value
        return value

    own: Any = one
    parameters = [inspect.Parameter("self", source.kind), *others]
    own.__signature__ = inspect.Signature(parameters)
    own.__annotations__ = {p.name: p.annotation for p in others}
    own.__module__, own.__name__, own.__qualname__ = (
        resolve.__module__,
        resolve.__name__,
        resolve.__qualname__,
    )
    setattr(own, _MARK, resolve)
    return one


def resolves_many(resolver: Any) -> ResolveMany | None:
    """What ``together`` was given; None where this is not of its making."""
    found: ResolveMany | None = getattr(resolver, _MARK, None)
    return found
