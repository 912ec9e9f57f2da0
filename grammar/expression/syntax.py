"""POSIX extended regular expressions with FRR's `_`, read into a tree.

The grammar is that of the C library's regcomp with REG_EXTENDED, which FRR calls, but for
references to groups (`\\1`), which are refused: no matching in linear time is known for them.
"""

from dataclasses import dataclass
from enum import Enum, auto
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits, punctuation
from typing import Final

MOST_REPEATS: Final = 0x7FFF
"""The largest number in braces (RE_DUP_MAX)."""


_BRACKETS: Final = "Unbalanced square brackets"


class ExpressionError(ValueError):
    """The text is no expression; why, in FRR's words, which are none for too many repeats."""


class Place(Enum):
    """What an anchor asks of the place between two characters."""

    START = auto()
    END = auto()
    WORD_EDGE = auto()
    NO_WORD_EDGE = auto()
    WORD_START = auto()
    WORD_END = auto()


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: one of these, or with `negated` none of them."""

    among: frozenset[str]
    negated: bool = False

    def has(self, character: str) -> bool:
        """True if the character is one of these."""
        return (character in self.among) is not self.negated


@dataclass(frozen=True, slots=True)
class Sequence:
    """One behind the other; without any, the empty text."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of some."""

    choices: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many times; `most` None is without end."""

    inner: "Tree"
    least: int
    most: int | None


Tree = Chars | Place | Sequence | Either | Repeat

WORD: Final = frozenset(ascii_letters + digits + "_")
_SPACE: Final = frozenset(" \t\n\r\f\v")
_NAMED: Final = {
    "alpha": ascii_letters,
    "digit": digits,
    "alnum": ascii_letters + digits,
    "upper": ascii_uppercase,
    "lower": ascii_lowercase,
    "space": " \t\n\r\f\v",
    "blank": " \t",
    "punct": punctuation,
    "print": ascii_letters + digits + punctuation + " ",
    "graph": ascii_letters + digits + punctuation,
    "xdigit": hexdigits,
    "cntrl": "".join(map(chr, (*range(32), 127))),
}
_EDGE: Final = Either((Place.START, Chars(frozenset(",{}() ")), Place.END))
"""What `_` in FRR's expressions stands for."""
_ESCAPED: Final[dict[str, Tree]] = {
    "w": Chars(WORD),
    "W": Chars(WORD, negated=True),
    "s": Chars(_SPACE),
    "S": Chars(_SPACE, negated=True),
    "b": Place.WORD_EDGE,
    "B": Place.NO_WORD_EDGE,
    "<": Place.WORD_START,
    ">": Place.WORD_END,
    "`": Place.START,
    "'": Place.END,
}


def parse(text: str, *, edges: bool = True) -> Tree:
    """Read an expression, `_` as an edge or as itself; `ExpressionError` if it is none."""
    return _Reader(text, edges).read()


class _Reader:
    def __init__(self, text: str, edges: bool) -> None:
        self._text = text
        self._edges = edges
        self._at = 0
        self._depth = 0
        self._groups = 0

    def read(self) -> Tree:
        return self._either()

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, what: str) -> bool:
        if not self._text.startswith(what, self._at):
            return False
        self._at += len(what)
        return True

    def _either(self) -> Tree:
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else Either(tuple(choices))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self._next and self._next != "|" and not (self._depth and self._next == ")"):
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Tree:
        found = self._one()
        if isinstance(found, Place):
            return found  # a quantifier behind it stands at the start of something: an error
        while self._next and self._next in "*+?{":
            found = Repeat(found, *self._times())
        return found

    def _times(self) -> tuple[int, int | None]:
        sign, self._at = self._next, self._at + 1
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        least = self._number()
        most = least
        if self._take(","):
            most = self._number()
            least = least or 0
        if not self._next:
            raise ExpressionError("Unbalanced braces")
        if least is None or not self._take("}") or (most is not None and most < least):
            raise ExpressionError("Invalid {...} expression")
        if max(least, most or 0) > MOST_REPEATS:
            raise ExpressionError("")  # FRR has no words for it
        return least, most

    def _number(self) -> int | None:
        start = self._at
        while self._next and self._next in digits:
            self._at += 1
        return int(self._text[start : self._at]) if self._at > start else None

    def _one(self) -> Tree:
        sign, self._at = self._next, self._at + 1
        match sign:
            case "(":
                return self._group()
            case "[":
                return self._bracket()
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{":
                raise ExpressionError("Bad repetition operator")
            case ".":
                return Chars(frozenset(), negated=True)
            case "^":
                return Place.START
            case "$":
                return Place.END
            case "_" if self._edges:
                return _EDGE
        return Chars(frozenset(sign))

    def _group(self) -> Tree:
        self._depth += 1
        if self._depth > 100:
            raise ExpressionError("Too many groups in each other")
        inner = self._either()
        self._depth -= 1
        self._groups += 1
        if not self._take(")"):
            raise ExpressionError("Unbalanced parentheses")
        return Sequence((inner,))  # unlike an anchor alone it may be repeated

    def _escape(self) -> Tree:
        sign, self._at = self._next, self._at + 1
        if not sign:
            raise ExpressionError("Regex ended with escape character (\\)")
        if sign in "123456789":
            if int(sign) > self._groups:
                raise ExpressionError("Invalid number in \\digit construction")
            raise ExpressionError("References to groups are not supported")
        return _ESCAPED.get(sign) or Chars(frozenset(sign))

    def _bracket(self) -> Tree:
        negated = self._take("^")
        if not self._next:
            raise ExpressionError("Regex syntax error")
        found: set[str] = set()
        first = True
        while first or not self._take("]"):
            first = False
            start = self._element()
            if self._is_range():
                self._at += 1
                end = self._element()
                if len(start) != 1 or len(end) != 1 or end < start:
                    raise ExpressionError("Invalid endpoint in range expression")
                found.update(map(chr, range(ord(start), ord(end) + 1)))
            else:
                found.update(start)
        return Chars(frozenset(found), negated)

    def _is_range(self) -> bool:
        return self._next == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", "")

    def _element(self) -> str:
        """The characters of one element of a bracket: one, or those of a class."""
        for sign in ":=.":
            if self._take("[" + sign):
                end = self._text.find(sign + "]", self._at)
                name, self._at = self._text[self._at : max(end, 0)], end + 2
                if end < 0:
                    raise ExpressionError(_BRACKETS)
                return _class(name) if sign == ":" else _only(name)
        if not self._next:
            raise ExpressionError(_BRACKETS)
        self._at += 1
        return self._text[self._at - 1]


def _class(name: str) -> str:
    found = _NAMED.get(name)
    if found is None:
        raise ExpressionError("Invalid character class name")
    return found


def _only(name: str) -> str:
    if len(name) != 1:
        raise ExpressionError("Invalid collating element")
    return name
