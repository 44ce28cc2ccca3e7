"""Rules for header fields, declared once beside each field: `near: Annotated[float, Number(low=0)]`.

A rule turns an unpacked msgpack value into the field's Python value or raises `WireError` with the field and the rule.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

from stereosync_bridge.errors import BAD_TYPE, BAD_VALUE, MISSING_FIELD, WireError

Record = TypeVar("Record")
LEFT_OUT = "left out"  # beside a rule: the field is not encoded while it has its default
PLAIN_TYPES = (str, bool, int, float, bytes, type(None))
MAX_INTEGER = 2**53  # the largest count that every language's number type holds exactly


class Rule(Protocol):
    """Reads one value."""

    def read(self, value: object, field: str) -> Any: ...


@dataclass(frozen=True)
class Number:
    """A finite number from `low` to `high`, both allowed; `above` and `below` are excluded limits."""

    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    below: float = math.inf

    def read(self, value: object, field: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WireError(BAD_TYPE, field, f"must be a number, got {type(value).__name__}")
        try:
            number = float(value)
        except OverflowError:  # an integer of hundreds of digits
            number = math.inf if value > 0 else -math.inf
        if not math.isfinite(number):
            raise WireError(BAD_VALUE, field, f"must be finite, got {number}")
        if not (self.low <= number <= self.high and self.above < number < self.below):
            raise WireError(BAD_VALUE, field, f"must be {self._limits()}, got {number:g}")
        return number

    def _limits(self) -> str:
        limits = {"at least": self.low, "above": self.above, "at most": self.high, "below": self.below}
        return " and ".join(f"{word} {limit:g}" for word, limit in limits.items() if math.isfinite(limit))


@dataclass(frozen=True)
class Integer:
    """A whole number from `low` to `high`, both allowed; a float that is whole is taken as one."""

    low: int = 0
    high: int = MAX_INTEGER

    def read(self, value: object, field: str) -> int:
        if isinstance(value, float) and value.is_integer():  # JavaScript has no other numbers beyond 2^32
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WireError(BAD_TYPE, field, f"must be an integer, got {type(value).__name__}")
        if not self.low <= value <= self.high:
            raise WireError(BAD_VALUE, field, f"must be {self.low} to {self.high}, got {value}")
        return value


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, value: object, field: str) -> bool:
        if not isinstance(value, bool):
            raise WireError(BAD_TYPE, field, f"must be true or false, got {type(value).__name__}")
        return value


@dataclass(frozen=True)
class Text:
    """Printable text of at most `max_chars` code points; with `pattern`, the whole text must match it."""

    max_chars: int = 128
    pattern: str = ""

    def read(self, value: object, field: str) -> str:
        if not isinstance(value, str):
            raise WireError(BAD_TYPE, field, f"must be text, got {type(value).__name__}")
        if len(value) > self.max_chars or not value.isprintable():
            raise WireError(BAD_VALUE, field, f"must be printable text of at most {self.max_chars} characters")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise WireError(BAD_VALUE, field, f"must match {self.pattern}, got {value!r}")
        return value


@dataclass(frozen=True)
class FreeText:
    """Text of at most `max_chars` code points, any at all: what artists call their materials."""

    max_chars: int

    def read(self, value: object, field: str) -> str:
        if not isinstance(value, str):
            raise WireError(BAD_TYPE, field, f"must be text, got {type(value).__name__}")
        if len(value) > self.max_chars:
            raise WireError(BAD_VALUE, field, f"must be text of at most {self.max_chars} characters, got {len(value)}")
        return value


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: object, field: str) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise WireError(BAD_VALUE, field, f"must be one of {', '.join(self.words)}")
        return value


@dataclass(frozen=True)
class Maybe:
    """Nil, or what `rule` reads."""

    rule: Rule

    def read(self, value: object, field: str) -> Any:
        return None if value is None else self.rule.read(value, field)


@dataclass(frozen=True)
class Many:
    """An array of `low` to `high` values, each read by `rule`, as a tuple."""

    rule: Rule
    low: int
    high: int

    def read(self, value: object, field: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise WireError(BAD_TYPE, field, f"must be an array, got {type(value).__name__}")
        if not self.low <= len(value) <= self.high:
            count = str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
            raise WireError(BAD_VALUE, field, f"must hold {count} values, got {len(value)}")
        return tuple(self.rule.read(item, f"{field}[{index}]") for index, item in enumerate(value))


@dataclass(frozen=True)
class Table:
    """A map from short text to what `rule` reads, with at most `max_entries`."""

    rule: Rule
    max_entries: int

    def read(self, value: object, field: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise WireError(BAD_TYPE, field, f"must be a map, got {type(value).__name__}")
        if len(value) > self.max_entries:
            raise WireError(BAD_VALUE, field, f"must hold at most {self.max_entries} entries, got {len(value)}")
        keys = [Text(64).read(key, f"{field} key") for key in value]
        return {key: self.rule.read(value[key], f"{field}.{key}") for key in keys}


@dataclass(frozen=True)
class Group:
    """A map that becomes the dataclass `record`."""

    record: type

    def read(self, value: object, field: str) -> Any:
        if not isinstance(value, Mapping):
            raise WireError(BAD_TYPE, field, f"must be a map, got {type(value).__name__}")
        try:
            return read_record(self.record, value)
        except WireError as error:
            raise error.under(field) from None


@cache
def rules_of(record: type) -> dict[str, Rule]:
    """The rule of each annotated field, in order; fields without one are payloads."""
    hints = get_type_hints(record, include_extras=True)
    fields = [field.name for field in dataclasses.fields(record)]
    return {name: get_args(hints[name])[1] for name in fields if get_origin(hints[name]) is Annotated}


@cache
def _optional(record: type) -> frozenset[str]:
    missing = dataclasses.MISSING
    fields = dataclasses.fields(record)
    return frozenset(f.name for f in fields if f.default is not missing or f.default_factory is not missing)


@cache
def _left_out(record: type) -> dict[str, Any]:
    """The defaults of the fields that are not encoded while they have them."""
    hints = get_type_hints(record, include_extras=True)
    return {f.name: f.default for f in dataclasses.fields(record) if LEFT_OUT in get_args(hints[f.name])}


def read_record(record: type[Record], values: Mapping[Any, object], **payloads: bytes | memoryview) -> Record:
    """Build `record` from a map; keys that it does not declare are ignored.

    Raises:
        WireError: a field is missing or breaks its rule.
    """
    read: dict[str, Any] = {}
    kind: type = record
    for name, rule in rules_of(kind).items():
        if name in values:
            read[name] = rule.read(values[name], name)
        elif name not in _optional(kind):
            raise WireError(MISSING_FIELD, name, "is required")
    return record(**read, **payloads)


def plain(value: Any, field: str = "") -> Any:
    """A record's value as msgpack types: dataclasses become maps in field order, tuples become arrays.

    Numbers and arrays of NumPy and its like become Python's own. Fields marked `LEFT_OUT` that have their default are
    not in the map.

    Raises:
        WireError: a value has no msgpack type; `field` names where the whole stands.
    """
    if isinstance(value, PLAIN_TYPES):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
        if isinstance(value, PLAIN_TYPES):
            return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item, _inside(field, name)) for name, item in _told_fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item, _inside(field, str(key))) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item, f"{field}[{index}]") for index, item in enumerate(value)]
    raise WireError(BAD_TYPE, field, f"must be a number, text, a flag, an array or a map, got {type(value).__name__}")


def _inside(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _told_fields(record: Any) -> Iterator[tuple[str, Any]]:
    kind: type = type(record)
    defaults = _left_out(kind)
    for name in rules_of(kind):
        value = getattr(record, name)
        if name not in defaults or value != defaults[name]:
            yield name, value
