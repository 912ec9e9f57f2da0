"""Explanations: sentences in an outline for people, the same as objects for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grammar.output.jsonc import Json, pretty

Fields = dict[str, Json]

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence; `fields` say the same to programs, `parts` are what it is made up of.

    In JSON the sentence is `text`, beside the fields, and each part a list by its key. A point
    without text has no line of its own: its parts stand at its place.
    """

    text: str = ""
    fields: Mapping[str, Json] = field(default_factory=dict)
    parts: Mapping[str, "Sequence[Point]"] = field(default_factory=dict)


def plural(count: int, word: str, many: str | None = None) -> str:
    """`1 path`, `2 paths`."""
    return f"{count} {word if count == 1 else many or word + 's'}"


def text_of(point: Point, depth: int = 0) -> Iterator[str]:
    """The lines of an outline."""
    if point.text:
        yield f"{INDENT * depth}{point.text}\n"
    below = depth + 1 if point.text else depth
    for part in point.parts.values():
        for each in part:
            yield from text_of(each, below)


def json_of(point: Point) -> Iterator[str]:
    """The same as one JSON document."""
    yield pretty(_value(point)) + "\n"


def _value(point: Point) -> dict[str, Json]:
    said: dict[str, Json] = {"text": point.text} if point.text else {}
    said.update(point.fields)
    said.update({key: [_value(each) for each in part] for key, part in point.parts.items()})
    return said


def rendered(point: Point, *, as_json: bool) -> Iterator[str]:
    """In one form or the other."""
    return json_of(point) if as_json else text_of(point)
