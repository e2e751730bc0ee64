"""Reading JSON into models without trusting it.

Each function takes one key of an object and gives a value of the promised type, or raises
Malformed, which `client` turns into Unavailable: what Logto sent is not what this site knows.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

type Json = Mapping[str, Any]
type Read[T] = Callable[[Any], T]

# Logto's tables count a name's length in UTF-16 code units, as JavaScript does; a longer one is
# stored and then breaks every answer that holds it (measured).
MAX_UNITS = 128


class Malformed(ValueError):
    """A value is missing, or of another type. Names the key, never the value."""


def utf16_units(value: str) -> int:
    """The length of a text as Logto counts it: most emoji are two units."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def obj(data: Any) -> Json:
    """The answer itself, which must be an object."""
    if not isinstance(data, Mapping):
        raise Malformed(f"an object, not {type(data).__name__}")
    return data


def nothing(data: Any) -> None:
    """Whatever came with a 2xx is of no interest."""


def text(data: Json, key: str) -> str:
    """A string."""
    return _typed(data, key, str)


def text_or_none(data: Json, key: str) -> str | None:
    """A string, or None where the key is missing, null or empty."""
    return _typed(data, key, str) or None if data.get(key) is not None else None


def loose_text(data: Json, key: str) -> str | None:
    """A string in data that a third party filled, or None for anything else."""
    value = data.get(key)
    return value or None if isinstance(value, str) else None


def flag(data: Json, key: str, *, default: bool | None = None) -> bool:
    """A boolean; `default` where the key is missing or null."""
    if data.get(key) is None and default is not None:
        return default
    return _typed(data, key, bool)


def flag_or_none(data: Json, key: str) -> bool | None:
    """A boolean, or None where the key is missing or null."""
    return _typed(data, key, bool) if data.get(key) is not None else None


def whole(data: Json, key: str, *, default: int | None = None) -> int:
    """A whole number; `default` where the key is missing or null."""
    if data.get(key) is None and default is not None:
        return default
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise Malformed(f"{key} is not a whole number")
    return int(value)


def whole_or_none(data: Json, key: str) -> int | None:
    """A whole number, or None where the key is missing or null."""
    return whole(data, key) if data.get(key) is not None else None


def number_or_none(data: Json, key: str) -> float | None:
    """A number, or None where the key is missing or null."""
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"{key} is not a number")
    return value


def moment(data: Json, key: str) -> datetime:
    """A point in time, from milliseconds since 1970 or from ISO 8601 (both occur). Aware, UTC."""
    value = data.get(key)
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value).astimezone(UTC)
        return datetime.fromtimestamp(whole(data, key) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{key} is not a point in time") from error


def moment_or_none(data: Json, key: str) -> datetime | None:
    """A point in time, or None where the key is missing or null."""
    return moment(data, key) if data.get(key) is not None else None


def second(data: Json, key: str) -> datetime:
    """A point in time that Logto gives in seconds since 1970, as OpenID Connect does."""
    try:
        return datetime.fromtimestamp(whole(data, key), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{key} is not a point in time") from error


def second_or_none(data: Json, key: str) -> datetime | None:
    """The same, or None where the key is missing or null."""
    return second(data, key) if data.get(key) is not None else None


def milliseconds(value: datetime) -> int:
    """A point in time as Logto's bodies and queries want it."""
    return round(value.timestamp() * 1000)


def part(data: Json, key: str) -> Json:
    """An object inside this one."""
    return obj(data.get(key))


def part_or_empty(data: Json, key: str) -> Json:
    """An object inside this one; empty where the key is missing or null."""
    return part(data, key) if data.get(key) is not None else {}


def values(data: Json, key: str) -> dict[str, Any]:
    """An object inside this one that belongs to somebody else, as it is; empty if missing."""
    return dict(part_or_empty(data, key))


def each[T](read: Read[T]) -> Read[tuple[T, ...]]:
    """A reader for a list, from the reader of one item."""

    def read_all(data: Any) -> tuple[T, ...]:
        if not isinstance(data, list):
            raise Malformed(f"a list, not {type(data).__name__}")
        return tuple(read(item) for item in data)

    return read_all


def items[T](data: Json, key: str, read: Read[T]) -> tuple[T, ...]:
    """A list inside this object, read item by item; empty where the key is missing or null."""
    return each(read)(data[key]) if data.get(key) is not None else ()


def texts(data: Json, key: str) -> tuple[str, ...]:
    """A list of strings; empty where the key is missing or null."""
    return items(data, key, str_)


def str_(value: Any) -> str:
    """A string that stands in a list."""
    if not isinstance(value, str):
        raise Malformed(f"text, not {type(value).__name__}")
    return value


def bool_(value: Any) -> bool:
    """A boolean that stands alone."""
    if not isinstance(value, bool):
        raise Malformed(f"true or false, not {type(value).__name__}")
    return value


def choice[E: StrEnum](data: Json, key: str, kinds: type[E], *, default: E) -> E:
    """One of the known words; `default` for a missing one, and for one of a newer Logto."""
    try:
        return kinds(str(data.get(key)))
    except ValueError:
        return default


def choices[E: StrEnum](data: Json, key: str, kinds: type[E]) -> tuple[E, ...]:
    """Those of a list of words that we know, in Logto's order."""
    known = set(kinds)
    return tuple(kinds(word) for word in texts(data, key) if word in known)


def inside[T](key: str, read: Read[T]) -> Read[T]:
    """A reader for what stands under one key of the answer."""
    return lambda data: read(obj(data).get(key))


def _typed[T](data: Json, key: str, kind: type[T]) -> T:
    value = data.get(key)
    if not isinstance(value, kind):
        raise Malformed(f"{key} is not {kind.__name__}")
    return value
