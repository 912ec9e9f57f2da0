"""Token trees: what a command notation compiles to, and what each leaf makes of a typed word.

A tree is made of leaves (`Keyword`, `Variable`) and groups. All of it is frozen and small, is
written to `compiled.json` and read back by `notation.py`, and is walked by `graph.py` (to match)
and by `unparse.py` (to print).
"""

from dataclasses import dataclass
from enum import IntEnum

from grammar.base.values import Address, Afi, Prefix


class Kind(IntEnum):
    """What words a variable takes and what value it gives for one."""

    WORD = 1
    REST = 2
    RANGE = 3
    IPV4 = 4
    IPV4_PREFIX = 5
    IPV6 = 6
    IPV6_PREFIX = 7
    MAC = 8
    MAC_PREFIX = 9


FIXED_KINDS = {
    "A.B.C.D": Kind.IPV4,
    "A.B.C.D/M": Kind.IPV4_PREFIX,
    "X:X::X:X": Kind.IPV6,
    "X:X::X:X/M": Kind.IPV6_PREFIX,
    "X:X:X:X:X:X": Kind.MAC,
    "X:X:X:X:X:X/M": Kind.MAC_PREFIX,
}
"""The spellings of the typed variables; every other variable is a range or a WORD."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word typed as it stands or abbreviated.

    `name` is the `$name` given, else the text with `-` as `_`; only a `named` keyword gives a
    value (its text). `index` counts the leaves of the notation from 0.
    """

    text: str
    name: str
    named: bool
    index: int


Label = str | tuple[Kind, int, int, bool]
"""What makes two leaves the same edge of a graph: keyword text, or kind, bounds and repetition."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A place for a value; `text` is what `?` shows (`A.B.C.D`, `(1-65535)`, `NAME`).

    `low` and `high` bound a RANGE and are 0 otherwise. `repeat` is the notation's `...`: a REST
    takes all words that follow as one str, a RANGE as a tuple of ints.
    """

    kind: Kind
    text: str
    low: int
    high: int
    repeat: bool
    name: str
    named: bool
    index: int

    @property
    def label(self) -> Label:
        """The key under which a graph merges this leaf with equal ones."""
        return (self.kind, self.low, self.high, self.repeat)


Leaf = Keyword | Variable


@dataclass(frozen=True, slots=True)
class Sequence:
    """Tokens one after the other."""

    items: "tuple[Token, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """`<a|b>`: exactly one of the alternatives."""

    items: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """`[a]`: the item or nothing."""

    item: "Token"


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """`{a|b}`: one or more of the items in any order, each at most once."""

    items: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class NoSkip:
    """`![a]`: mandatory, but may be left out when the line starts with `no`."""

    item: "Token"


Token = Keyword | Variable | Sequence | Choice | Optional | AnyOrder | NoSkip


def leaves(token: Token) -> list[Leaf]:
    """All leaves below a token in the order of the notation."""
    if isinstance(token, Keyword | Variable):
        return [token]
    inside = (token.item,) if isinstance(token, Optional | NoSkip) else token.items
    return [leaf for item in inside for leaf in leaves(item)]


def _range(word: str, low: int, high: int) -> int | None:
    digits = word[1:] if word[0] in "+-" else word
    if not (digits.isascii() and digits.isdigit()):
        return None
    value = int(word)
    return value if low <= value <= high else None


def _address(word: str, afi: Afi) -> Address | None:
    try:
        address = Address.parse(word)
    except ValueError:
        return None
    return address if address.afi is afi else None


def _prefix(word: str, afi: Afi) -> Prefix | None:
    try:
        prefix = Prefix.parse(word, with_host=True)
    except ValueError:
        return None
    return prefix if prefix.afi is afi else None


def _mac(word: str) -> str | None:
    parts = word.split(":")
    hexadecimal = all(
        0 < len(part) <= 2 and all(digit in "0123456789abcdefABCDEF" for digit in part)
        for part in parts
    )
    return word if len(parts) == 6 and hexadecimal else None


def _mac_prefix(word: str) -> str | None:
    address, _, length = word.partition("/")
    in_range = bool(length) and _range(length, 0, 48) is not None
    return word if in_range and _mac(address) is not None else None


def read(variable: Variable, word: str) -> object | None:
    """The value that one word has for a variable, or None when it does not fit.

    RANGE gives int; A.B.C.D and X:X::X:X give `Address`; their `/M` forms give `Prefix` with the
    host bits kept (`Prefix.network` cuts them); all others give the word itself.
    """
    match variable.kind:
        case Kind.WORD | Kind.REST:
            return word
        case Kind.RANGE:
            return _range(word, variable.low, variable.high)
        case Kind.IPV4:
            return _address(word, Afi.IPV4)
        case Kind.IPV4_PREFIX:
            return _prefix(word, Afi.IPV4)
        case Kind.IPV6:
            return _address(word, Afi.IPV6)
        case Kind.IPV6_PREFIX:
            return _prefix(word, Afi.IPV6)
        case Kind.MAC:
            return _mac(word)
        case Kind.MAC_PREFIX:
            return _mac_prefix(word)
