"""JSON whose numbers keep their text: ``1E5`` and ``1e400`` leave as they came, whatever a float makes of them."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import msgspec

__all__ = ["Encoded", "Numeral", "decode", "decode_strictly", "encode", "float_of", "to_builtins"]


class Numeral(float):
    """A number that a float alone would not write as it was read; it may be infinite."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Numeral:
        """From a JSON number."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


class Encoded(dict[str, Any]):
    """An object whose JSON is made once for all who send it as it is; whoever adds to it makes another, and changes nothing here."""

    __slots__ = ("_text",)
    _text: bytes

    def text(self) -> bytes:
        """Its JSON."""
        try:
            return self._text
        except AttributeError:
            self._text = text = _encode(self)
            return text


def float_of(text: str) -> float:
    """A plain float where that is written as ``text``."""
    value = float(text)
    return value if repr(value) == text and "e" not in text else Numeral(text)


def _unknown(value: object) -> Any:
    if isinstance(value, Numeral):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} is no JSON")


_DECODER = msgspec.json.Decoder(float_hook=float_of)
_ENCODER = msgspec.json.Encoder(enc_hook=_unknown)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def decode(body: bytes | str) -> Any:
    """JSON as it is; lone surrogates, which msgspec refuses, are the standard library's. Raises ValueError."""
    try:
        return _DECODER.decode(body)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(body, parse_constant=_refuse, parse_float=float_of)
    except RecursionError as error:
        raise ValueError("Nested too deeply") from error


def decode_strictly(body: bytes | str) -> Any:
    """JSON as a client may send it, without lone surrogates. Raises ValueError, RecursionError."""
    return _DECODER.decode(body)


def encode(value: Any) -> bytes:
    """JSON bytes; strings with lone surrogates are escaped. Raises TypeError for what is no JSON."""
    return value.text() if type(value) is Encoded else _encode(value)


def _encode(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _escaped(value if isinstance(value, dict | list) else to_builtins(value)).encode()


def to_builtins(value: Any) -> Any:
    """Objects as dicts, lists and plain values, numbers with their text."""
    return msgspec.to_builtins(value, builtin_types=(Numeral,))


def _escaped(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_escaped(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_escaped, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value)
    try:
        return _ENCODER.encode(value).decode()
    except UnicodeEncodeError:  # an object within
        return _escaped(to_builtins(value))
