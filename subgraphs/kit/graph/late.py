"""Attributes whose values are made when they are read: of a page's cursors and a picture's sizes, most never are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["late"]

T = TypeVar("T")


class _Late:
    """May be set to what makes its value."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        values = instance.__dict__
        value = values[self._name]
        if callable(value):
            value = values[self._name] = value()
        return value

    def __set__(self, instance: object, value: Any) -> None:
        instance.__dict__[self._name] = value


def late(*names: str) -> Callable[[type[T]], type[T]]:
    """For a finished Strawberry type, to which these stay fields like others: what is callable is called once, when
    the field is read."""

    def decorate(cls: type[T]) -> type[T]:
        for name in names:
            setattr(cls, name, _Late(name))
        return cls

    return decorate
