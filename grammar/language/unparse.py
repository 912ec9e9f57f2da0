"""Values back to the line that gives them: the inverse of `match` for one command."""

from collections.abc import Iterator, Mapping
from itertools import islice

from grammar.base.values import Address, Afi, Prefix
from grammar.language.notation import NotationError
from grammar.language.tokens import (
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
    leaves,
    read,
)

Values = Mapping[str, object]
Part = tuple[tuple[str, ...], frozenset[str]]
"""Words of a line, and the names of the values that they carry."""

_NOTHING: Part = ((), frozenset())


def unparse(tree: Sequence, values: Values) -> str | None:
    """The canonical line of a command for these values, without a `no` in front.

    A named keyword is written when its value is its text or True; None and False count as absent,
    as do names the tree does not have. None if a mandatory value is missing or a value that the
    tree has a name for cannot be written.
    """
    first = tree.items[0]
    token = first.item if isinstance(first, Optional) else first
    if isinstance(token, Keyword) and token.text == "no":
        tree = Sequence(tree.items[1:])
    names = {leaf.name for leaf in leaves(tree) if _gives_value(leaf)}
    wanted = {name for name in names if _present(values.get(name))}
    for words, used in _write(tree, values):
        if used == wanted:
            return " ".join(words)
    return None


def check_reversible(tree: Sequence) -> None:
    """Raise NotationError if values do not tell which alternative of a choice was typed.

    The alternatives of every `<...>` and `{...}` must each carry a value: a variable or a keyword
    with a `$name`. No two leaves that can stand in one line may share a name.
    """
    for group in _groups(tree):
        silent = [item for item in group.items if not any(map(_gives_value, leaves(item)))]
        if len(group.items) > 1 and len(silent) > isinstance(group, Choice):
            raise NotationError(_text(group), 0, "a choice that no value tells: it needs a $name")
    _check_names(tree)


def _gives_value(leaf: Leaf) -> bool:
    return isinstance(leaf, Variable) or leaf.named


def _present(value: object) -> bool:
    return value is not None and value is not False


def _write(token: Token, values: Values) -> Iterator[Part]:
    """All ways to write a token, the fullest first."""
    match token:
        case Keyword():
            yield from _write_keyword(token, values)
        case Variable():
            word = _word(token, values.get(token.name))
            if word is not None:
                yield ((word,), frozenset((token.name,)))
        case Sequence():
            yield from _write_all(token.items, values)
        case NoSkip():
            yield from _write(token.item, values)
        case Optional():
            yield from _write_optional(token.item, values)
        case Choice():
            ways = [way for item in token.items for way in islice(_write(item, values), 8)]
            yield from sorted(ways, key=lambda way: -len(way[1]))
        case AnyOrder():
            yield from _write_any(token, values)


def _write_keyword(token: Keyword, values: Values) -> Iterator[Part]:
    if not token.named:
        yield ((token.text,), frozenset())
    elif values.get(token.name) is True or values.get(token.name) == token.text:
        yield ((token.text,), frozenset((token.name,)))


def _write_all(items: tuple[Token, ...], values: Values) -> Iterator[Part]:
    if not items:
        yield _NOTHING
        return
    for words, used in _write(items[0], values):
        for more, others in _write_all(items[1:], values):
            yield (words + more, used | others)


def _write_optional(item: Token, values: Values) -> Iterator[Part]:
    found = False
    for way in _write(item, values):
        if way[1]:
            found = True
            yield way
    if not found:  # a value written here has no other place in a line (`check_reversible`)
        yield _NOTHING


def _write_any(token: AnyOrder, values: Values) -> Iterator[Part]:
    parts = [Optional(item) for item in token.items]
    for way in _write_all(tuple(parts), values):
        if way[1]:
            yield way


def _word(variable: Variable, value: object) -> str | None:
    """The word or words of a variable for a value, None if the variable does not take it."""
    match variable.kind:
        case Kind.REST:
            return value if isinstance(value, str) and value == " ".join(value.split()) else None
        case Kind.RANGE if variable.repeat:
            parts = value if isinstance(value, tuple) else ()
            texts = [_number(variable, part) for part in parts]
            return " ".join(text or "" for text in texts) if texts and all(texts) else None
        case Kind.RANGE:
            return _number(variable, value)
        case Kind.IPV4 | Kind.IPV6:
            afi = Afi.IPV4 if variable.kind is Kind.IPV4 else Afi.IPV6
            return str(value) if isinstance(value, Address) and value.afi is afi else None
        case Kind.IPV4_PREFIX | Kind.IPV6_PREFIX:
            afi = Afi.IPV4 if variable.kind is Kind.IPV4_PREFIX else Afi.IPV6
            return str(value) if isinstance(value, Prefix) and value.afi is afi else None
        case Kind.WORD | Kind.MAC | Kind.MAC_PREFIX:
            return _text_word(variable, value)


def _number(variable: Variable, value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole and read(variable, str(value)) is not None else None


def _text_word(variable: Variable, value: object) -> str | None:
    if not isinstance(value, str) or len(value.split()) != 1 or value != value.strip():
        return None
    return value if read(variable, value) is not None else None


# Whether a tree can be reversed


def _groups(token: Token) -> Iterator[Choice | AnyOrder]:
    if isinstance(token, Keyword | Variable):
        return
    if isinstance(token, Choice | AnyOrder):
        yield token
    inside = (token.item,) if isinstance(token, Optional | NoSkip) else token.items
    for item in inside:
        yield from _groups(item)


def _check_names(token: Token) -> set[str]:
    """The names below a token; NotationError when one can occur twice in a line."""
    if isinstance(token, Keyword | Variable):
        return {token.name} if _gives_value(token) else set()
    if isinstance(token, Optional | NoSkip):
        return _check_names(token.item)
    names: set[str] = set()
    for item in token.items:
        more = _check_names(item)
        if not isinstance(token, Choice) and names & more:
            name = min(names & more)
            raise NotationError(_text(token), 0, f"two values of one line are named {name!r}")
        names |= more
    return names


def _text(token: Token) -> str:
    return " ".join(leaf.text for leaf in leaves(token))
