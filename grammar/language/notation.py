"""FRR's command notation to token trees, parsed once and then read from `compiled.json`.

The notation (FRR's developer guide, "Command line interface"): keywords in lower case, variables
in upper case or as `A.B.C.D`, `X:X::X:X/M`, `(1-255)`; `<a|b>` one of, `[a]` optional, `{a|b}` any
order, `![a]` may be left out after `no`, `NAME...` the rest of the line, `$name` names a value.

The compact form is the token texts as written, in lists: a sequence is a list of elements, a group
a list that starts with its opening sign and holds sequences.
"""

import re
import sys
from collections.abc import Callable, Iterable
from functools import cache

from grammar.language.tokens import (
    FIXED_KINDS,
    AnyOrder,
    Choice,
    Keyword,
    Kind,
    Leaf,
    NoSkip,
    Optional,
    Sequence,
    Token,
    Variable,
)

CACHE = __file__.removesuffix("notation.py") + "compiled.json"
"""The file with the parsed form of every notation that the packages declare."""

DECLARING = (
    "bgp.commands",
    "zebra.commands",
    "zebra.staticd.commands",
    "zebra.bfdd.commands",
    "pyvtysh.commands",
    "pyvtysh.candidate.commands",
    "pyvtysh.comfort",
    "pyvtysh.monitor",
    "pyvtysh.pipes.commands",
    "pyvtysh.seeing.commands",
    "pyvtysh.host.watchfrr.commands",
    "pyvtysh.foreign",
)
"""Modules with a `LANGUAGE`, whose `notations()` yields the notations to compile ahead."""

FOLLOWING = ("pyvtysh.tabulate",)
"""Modules whose `main`, with the same arguments, makes or checks further files of the language."""

Compact = str | list["Compact"]

_RANGE = re.compile(r"\(([-+]?\d+) ?- ?([-+]?\d+)\)\Z")
_VARIABLE = re.compile(r"[A-Z][-_:A-Z0-9]*\Z")
_KEYWORD = re.compile(r"[-+]?[A-Za-z0-9*][-+_A-Za-z0-9*]*\Z")
_LEAF = (
    r"(?:\([-+]?\d+ ?- ?[-+]?\d+\)|[-+]?[A-Za-z0-9*][-+_:/*A-Za-z0-9]*(?:\.[-+_:/*A-Za-z0-9]+)*)"
)


class NotationError(ValueError):
    """A notation that cannot be compiled; `column` counts from 0."""

    def __init__(self, notation: str, column: int, reason: str) -> None:
        super().__init__(f"{notation!r}, column {column}: {reason}")
        self.notation = notation
        self.column = column
        self.reason = reason


def compile_notation(text: str) -> Sequence:
    """The token tree of a notation, from the cache file when it is there; NotationError."""
    return _compile(text)


@cache
def _compile(text: str) -> Sequence:
    compact = _cached().get(text)
    return tree(parse(text) if compact is None else compact)


@cache
def _cached() -> dict[str, list[Compact]]:
    import json  # here, as other imports below: a start that matches nothing pays for none

    try:
        with open(CACHE, "rb") as file:
            loaded: dict[str, list[Compact]] = json.load(file)
    except FileNotFoundError:
        return {}
    return loaded


# From the compact form to tokens


def tree(compact: list[Compact]) -> Sequence:
    """The token tree of a compact form that `parse` made."""
    count = 0

    def build(element: Compact) -> Token:
        nonlocal count
        if isinstance(element, str):
            count += 1
            return _leaf(element, count - 1)
        sign, *inside = element
        items = tuple(sequence(item) for item in inside)
        match sign:
            case "<":
                return Choice(items)
            case "{":
                return AnyOrder(items)
            case _:
                item = items[0].items[0] if len(items[0].items) == 1 else items[0]
                item = item if len(items) == 1 else Choice(items)
                return Optional(item) if sign == "[" else NoSkip(item)

    def sequence(elements: Compact) -> Sequence:
        return Sequence(tuple(build(element) for element in elements))

    return sequence(compact)


@cache
def _leaf(written: str, index: int) -> Leaf:
    text, dollar, name = written.partition("$")
    repeat = text.endswith("...")
    text = text.removesuffix("...")
    named = bool(dollar)
    kind, low, high = _classify(text, repeat)
    if kind is None:
        return Keyword(text, name or text.replace("-", "_"), named, index)
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return Variable(kind, text, low, high, repeat, name or plain, named, index)


def _classify(text: str, repeat: bool) -> tuple[Kind | None, int, int]:
    """Kind and bounds of a variable's text; None for a keyword; ValueError says what is wrong."""
    if fixed := FIXED_KINDS.get(text):
        return fixed, 0, 0
    if bounds := _RANGE.match(text):
        low, high = int(bounds[1]), int(bounds[2])
        if low > high:
            raise ValueError(f"the range {text} is empty")
        return Kind.RANGE, low, high
    if _VARIABLE.match(text):
        return (Kind.REST if repeat else Kind.WORD), 0, 0
    if not _KEYWORD.match(text):
        raise ValueError(f"{text!r} is neither a keyword nor a known variable")
    if repeat:
        raise ValueError(f"only a variable can repeat, not {text!r}")
    return None, 0, 0


# From the notation to the compact form


def parse(text: str) -> list[Compact]:
    """The compact form of a notation, parsed with pyparsing; NotationError."""
    from pyparsing import ParseBaseException

    try:
        result: list[Compact] = _grammar()(text)
    except ParseBaseException as error:
        raise NotationError(text, error.loc, error.msg) from None
    return result


@cache
def _grammar() -> Callable[[str], list[Compact]]:
    import pyparsing as pp

    def leaf(source: str, place: int, found: pp.ParseResults) -> str:
        body, *names = re.split(r"\$", found[0].replace("...", ""))
        repeat = "..." in found[0]
        try:
            _classify(body, repeat)
        except ValueError as error:
            raise pp.ParseFatalException(source, place, str(error)) from None
        body = body.replace(" ", "") + "..." * repeat
        return body + "".join(f"${name}" for name in names[:1])

    token = pp.Regex(_LEAF + r"(?:\$\w+)?(?:\.\.\.)?(?:\$\w+)?").set_name("token")
    token.set_parse_action(leaf)
    element = pp.Forward()
    element.set_name("a token")
    sequence = pp.Group(pp.OneOrMore(element), aslist=True).set_name("a token")
    groups = []
    for sign, end in (("<", ">"), ("[", "]"), ("{", "}"), ("![", "]")):
        closing = pp.Regex(re.escape(end) + r"(?:\$\w+)?").set_name(repr(end))
        groups.append(pp.Literal(sign) - pp.DelimitedList(sequence, "|") - closing)
        groups[-1].set_parse_action(_group)
    element << pp.MatchFirst([*groups, token]).set_name("a token")
    whole = sequence + pp.StringEnd()
    return lambda text: whole.parse_string(text)[0]


def _group(found: Iterable[Compact]) -> list[Compact]:
    sign, *sequences, end = found
    name = str(end)[1:]
    if name:
        sequences = [_name(sequence, name) for sequence in sequences]
    return [[str(sign)[0], *sequences]]


def _name(element: Compact, name: str) -> Compact:
    """The name of a group is the name of the first leaf of each alternative without a name."""
    if isinstance(element, str):
        return element if "$" in element else element + name
    if element[0] in ("<", "{", "[", "!"):
        return [element[0], *(_name(sequence, name) for sequence in element[1:])]
    return [_name(element[0], name), *element[1:]]


# The cache file


def declared_notations(modules: Iterable[str] = DECLARING) -> set[str]:
    """The notations of the packages' languages; a package that does not exist has none."""
    from importlib import import_module

    found: set[str] = set()
    for name in modules:
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not (name + ".").startswith(error.name + "."):
                raise
            continue
        language = getattr(module, "LANGUAGE", None)
        if language is not None:
            found.update(language.notations())
    return found


def cache_text(notations: Iterable[str]) -> str:
    """The content of `compiled.json` for these notations: one a line, sorted."""
    import json

    lines = [
        f"{json.dumps(text)}: {json.dumps(parse(text), separators=(',', ':'))}"
        for text in sorted(set(notations))
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> int:
    """`--write` renews the files; without it, say by the exit status if they are up to date."""
    from importlib import import_module
    from pathlib import Path

    text = cache_text(declared_notations())
    file = Path(CACHE)
    if arguments == ["--write"]:
        fresh = file.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(file)  # at once: a daemon may be reading it
    status = 0 if file.exists() and file.read_text() == text else 1
    for name in FOLLOWING:
        status = import_module(name).main(arguments) or status
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
