"""JSON answers: what an expression finds in them, and which rows they are."""

import json
from collections.abc import Iterator
from typing import Any

from pyvtysh.pipes.flow import FilterFaultError, Json, Rows

NAME, VALUE, IN = "name", "value", "in"
"""The columns of keys, of values that are no objects, and of families."""

_PARTS = ("peers", "routes")
"""The parts of FRR's answers that hold objects by their names."""

Value = Any
"""What JSON may be."""


def loaded(flow: Json) -> Value:
    """The value; FilterFaultError if the text is no JSON."""
    if flow.pieces is None:
        return flow.value
    try:
        return json.loads("".join(flow.pieces))
    except ValueError:
        raise FilterFaultError("json: the answer is no JSON") from None


def searched(value: Value, expression: str) -> Value:
    """What a JMESPath expression finds; FilterFaultError, in one line, if it is none."""
    import jmespath  # costs 15 ms
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.search(expression, value)
    except JMESPathError as error:
        why = str(error).split("\n")[0].rstrip(":. ")
        raise FilterFaultError(f"json: '{expression}': {why}") from None
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        # Faults of the library with values that functions of it do not expect.
        why = str(error).split("\n")[0] or type(error).__name__
        raise FilterFaultError(f"json: '{expression}': {why}") from None


def text_of(value: Value) -> Iterator[str]:
    """A value as JSON, by lines."""
    for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n"):
        yield line + "\n"


def size(value: Value) -> int:
    """How many items or keys."""
    return len(value) if isinstance(value, list | dict) else int(value is not None)


def some(value: Value, start: int | None, stop: int | None) -> Value:
    """A slice of the items or keys; other values as they are."""
    if isinstance(value, list):
        return value[start:stop]
    if isinstance(value, dict):
        return dict(list(value.items())[start:stop])
    return value


def rows_of_value(value: Value) -> Rows:
    """A row for each object in a list, or for each key of an object.

    Of answers that begin with what all of them have in common (`show bgp summary json`), it is the
    part that holds the objects; those of several families have the family in a column `in`.
    """
    records = _common(value)
    columns = list(dict.fromkeys(name for record in records for name in record))
    return Rows(columns, ([record.get(name) for name in columns] for record in records))


def _common(value: Value) -> list[dict[str, Value]]:
    part = _part(value)
    if part is not None:
        return _records(part)
    parts = {key: _part(each) for key, each in value.items()} if isinstance(value, dict) else {}
    if not parts or None in parts.values():
        return _records(value)
    if len(parts) == 1:
        return _records(next(iter(parts.values())))
    return [{IN: key, **record} for key, part in parts.items() for record in _records(part)]


def _part(value: Value) -> Value:
    """Of an object with more than that in it, its part that holds the objects; else None."""
    if not isinstance(value, dict):
        return None
    return next((value[name] for name in _PARTS if isinstance(value.get(name), dict)), None)


def _records(value: Value) -> list[dict[str, Value]]:
    if isinstance(value, list):
        return [_record(item) for item in value]
    if not isinstance(value, dict):
        return [{VALUE: value}]
    if not value or not all(isinstance(part, dict | list) for part in value.values()):
        return [{NAME: key, VALUE: part} for key, part in value.items()]
    return [
        {NAME: key, **_record(item)}
        for key, part in value.items()
        for item in (part if isinstance(part, list) else [part])
    ]


def _record(item: Value) -> dict[str, Value]:
    return item if isinstance(item, dict) else {VALUE: item}
