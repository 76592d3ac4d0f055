"""How a field's value is got: its attribute, its resolver at once, or the whole chain Strawberry made of it.

A resolver is called at once only where that chain would do no more than call it: no permissions, extensions, handlers
of exceptions, or arguments that become anything else than what graphql-core makes of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from graphql.execution.executor import to_nodes
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver
from strawberry.types.unset import UNSET

from subgraphs.kit.execution.arguments import Arguments
from subgraphs.kit.execution.info import Asked, LazyInfo
from subgraphs.kit.execution.internals import (
    converter_of,
    has_default_info,
    has_exception_handlers,
    is_plain_resolver,
    plain_arguments,
    strawberry_field,
)
from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.selections import Attribute, Field
from subgraphs.kit.execution.timing import Tally, timing_of
from subgraphs.kit.execution.together import resolves_many

__all__ = ["Call", "CallMany", "Called", "call_of", "many_of"]

Call: TypeAlias = Callable[[Run, Any, Path], Any]
CallMany: TypeAlias = Callable[[Run, list[Any], Path], Awaitable[Sequence[Any]]]
"""Gets the field's values from several sources; the path is the first one's."""


class Called(NamedTuple):
    """What gets a field's value from a source, and the tally that wants to know of it."""

    call: Call
    tally: Tally | None = None
    plain: Callable[[Any], Any] | None = None
    """The resolver itself, where the source is all that it is given."""


def call_of(field: Field) -> Called:
    """How the field's value is got."""
    source = field.source
    if isinstance(source, Attribute):
        name, getter = source.name, source.getter or getattr
        return Called(lambda run, value, path: getter(value, name))
    resolve, tally = field.definition.resolve, None
    if (timing := timing_of(resolve)) is not None:
        tally, resolve = timing
    definition = strawberry_field(field.definition)
    if definition is None or not _is_unwrapped(definition, resolve):
        return Called(_chain(field, resolve), tally)
    if not definition.arguments and not field.definition.args and not field.details[0].node.arguments:
        call = _unwrapped(field, definition, None)
        return Called(call, tally, _plain(definition))
    rename = _renaming(definition, resolve)
    if rename is None:
        return Called(_chain(field, resolve), tally)
    return Called(_unwrapped(field, definition, Arguments(field, rename).of), tally)


def many_of(field: Field) -> tuple[CallMany, Tally | None] | None:
    """What gets the field's values from all its sources at once; None where each is asked alone."""
    resolve, tally = field.definition.resolve, None
    if (timing := timing_of(resolve)) is not None:
        tally, resolve = timing
    definition = strawberry_field(field.definition)
    if definition is None or not _is_unwrapped(definition, resolve):
        return None
    many, converter = resolves_many(definition.base_resolver.wrapped_func), converter_of(resolve)  # type: ignore[union-attr]
    if many is None or converter is None:
        return None
    asked = Asked(definition, field.definition, to_nodes(field.details), field.parent)
    rename = _renaming(definition, resolve)
    given = Arguments(field, rename).of

    def call(run: Run, sources: list[Any], path: Path) -> Awaitable[Sequence[Any]]:
        info, named = LazyInfo(run.executor, asked, path), given(run)
        if rename is None:
            named = convert_arguments(
                named, definition.arguments, converter.scalar_registry, converter.config, info
            )
        return many(sources, info, **named)

    return call, tally


def _renaming(definition: StrawberryField, resolve: Any) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    """From arguments as graphql-core has them to those of the resolver; None where they are not what it takes."""
    converter = converter_of(resolve)
    names = plain_arguments(definition, converter) if converter is not None else None
    if names is None:
        return None

    def rename(given: dict[str, Any]) -> dict[str, Any]:
        named = {}
        for name, python_name, many in names:
            if name in given:
                value = given[name]
                named[python_name] = (
                    list(value) if many and value is not None and value is not UNSET else value
                )
        return named

    return rename


def _is_unwrapped(definition: StrawberryField, resolve: Any) -> bool:
    """Whether nothing but its arguments stands between a field and its resolver."""
    return (
        is_plain_resolver(resolve)
        and not has_exception_handlers(resolve)
        and has_default_info(resolve)
        and type(definition.base_resolver) is StrawberryResolver
        and callable(definition.base_resolver.wrapped_func)
        and not definition.extensions
    )


def _chain(field: Field, resolve: Any) -> Call:
    definition, parent = field.definition, field.parent
    nodes, given = to_nodes(field.details), Arguments(field).of

    def call(run: Run, value: Any, path: Path) -> Any:
        info = run.executor.build_resolve_info(definition, nodes, parent, path)
        return resolve(value, info, **given(run))

    return call


def _unwrapped(
    field: Field, definition: StrawberryField, given: Callable[[Run], dict[str, Any]] | None
) -> Call:
    """Calls the resolver with what its own signature asks for, and ``given`` its arguments if it has any."""
    resolver: Any = definition.base_resolver
    function, info = resolver.wrapped_func, resolver.info_parameter
    sources = [p.name for p in (resolver.parent_parameter, resolver.root_parameter) if p]
    asked = Asked(definition, field.definition, to_nodes(field.details), field.parent)
    if sources or not resolver.self_parameter or (info is not None and info.name != "info"):
        return _by_name(resolver, sources, asked, given)
    if given is None:
        if info is None:
            return lambda run, value, path: function(value)
        return lambda run, value, path: function(value, info=LazyInfo(run.executor, asked, path))
    if info is None:
        return lambda run, value, path: function(value, **given(run))
    return lambda run, value, path: function(value, info=LazyInfo(run.executor, asked, path), **given(run))


def _plain(definition: StrawberryField) -> Callable[[Any], Any] | None:
    """The function that ``_unwrapped`` calls with nothing but the source, where it is one."""
    resolver: Any = definition.base_resolver
    asked = (resolver.parent_parameter, resolver.root_parameter, resolver.info_parameter)
    function: Callable[[Any], Any] = resolver.wrapped_func
    return function if resolver.self_parameter and not any(asked) else None


def _by_name(
    resolver: Any, sources: list[str], asked: Asked, given: Callable[[Run], dict[str, Any]] | None
) -> Call:
    function, info, positional = resolver.wrapped_func, resolver.info_parameter, bool(resolver.self_parameter)

    def call(run: Run, value: Any, path: Path) -> Any:
        named = {} if given is None else dict(given(run))
        for name in sources:
            named[name] = value
        if info is not None:
            named[info.name] = LazyInfo(run.executor, asked, path)
        return function(value, **named) if positional else function(**named)

    return call
