"""Values back to lines: `parse(unparse(values)) == values`, for written and generated trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.values import Address, Afi, Prefix
from grammar.language.graph import Graph
from grammar.language.match import Match, match
from grammar.language.notation import NotationError, compile_notation
from grammar.language.unparse import check_reversible, unparse

ADDRESS = Address.parse("192.0.2.1")


def line(notation: str, **values: object) -> str | None:
    return unparse(compile_notation(notation), values)


def test_mandatory_and_optional_parts() -> None:
    notation = "neighbor <A.B.C.D|X:X::X:X|WORD>$peer timers ![(0-65535)$keep (0-65535)$hold]"
    assert line(notation, peer=ADDRESS, keep=3, hold=9) == "neighbor 192.0.2.1 timers 3 9"
    assert line(notation, peer="PG", keep=3, hold=9, other=1) == "neighbor PG timers 3 9"
    assert line(notation, peer=ADDRESS, keep=3) is None
    assert line("a [b (1-9)$c] [d$d]", c=4) == "a b 4"
    assert line("a [b (1-9)$c] [d$d]", d=True, c=None) == "a d"
    assert line("a [b] [d$d]", d=False) == "a"


def test_a_leading_no_is_left_out() -> None:
    assert line("[no] bgp router-id ![A.B.C.D$id]", id=ADDRESS) == "bgp router-id 192.0.2.1"
    assert line("no bgp import-check") == "bgp import-check"


def test_choices_follow_the_values() -> None:
    notation = "remote-as <(1-4294967295)|internal|external>$as"
    assert line(notation, **{"as": 65001}) == "remote-as 65001"
    assert line(notation, **{"as": "internal"}) == "remote-as internal"
    assert line(notation, **{"as": "elsewhere"}) is None
    assert line("<ip A.B.C.D$v4|ipv6 X:X::X:X$v6> on", v6=Address.parse("::1")) == "ipv6 ::1 on"


def test_any_order_is_written_in_the_order_of_the_notation() -> None:
    notation = "permit A.B.C.D/M$p [{ge (0-32)$ge|le (0-32)$le}]"
    prefix = Prefix(Afi.IPV4, 10 << 24, 8)
    assert line(notation, p=prefix, le=24, ge=9) == "permit 10.0.0.0/8 ge 9 le 24"
    assert line(notation, p=prefix) == "permit 10.0.0.0/8"


def test_repeats() -> None:
    assert line("peers (1-9)...$list", list=(1, 2)) == "peers 1 2"
    assert line("peers (1-9)...$list", list=(1, 20)) is None
    assert line("description LINE...$text", text="two words") == "description two words"
    assert line("description LINE...$text", text="two  words") is None


def test_values_that_do_not_fit() -> None:
    assert line("x (1-9)$a", a=10) is None
    assert line("x (1-9)$a", a=True) is None
    assert line("x WORD$a", a="two words") is None
    assert line("x WORD$a", a="") is None
    assert line("x A.B.C.D$a", a=Address.parse("::1")) is None


@pytest.mark.parametrize(
    "notation",
    ["a <b|c>", "a {b|c}", "a [<b|c>]", "a (1-2) b (1-2)", "a [b|c (1-2)$x] [d (1-3)$x]"],
)
def test_irreversible_notations(notation: str) -> None:
    with pytest.raises(NotationError):
        check_reversible(compile_notation(notation))


@pytest.mark.parametrize(
    "notation", ["a <b|c>$d", "a [b] c", "a <b|c (1-2)>", "a <A.B.C.D|WORD>$x", "a {b$b|c$c}"]
)
def test_reversible_notations(notation: str) -> None:
    check_reversible(compile_notation(notation))


# Generated notations: each part has a name of its own, and values are drawn for what is present.

_WORDS = st.from_regex(r"[a-z][a-z-]{0,6}", fullmatch=True)
_ADDRESSES = st.integers(0, 2**32 - 1).map(lambda value: Address(Afi.IPV4, value))
_PREFIXES = st.builds(Prefix, st.just(Afi.IPV6), st.integers(0, 2**128 - 1), st.integers(0, 128))
_LEAVES = {
    "(1-100)": st.integers(1, 100),
    "A.B.C.D": _ADDRESSES,
    "X:X::X:X/M": _PREFIXES,
    "WORD": st.from_regex(r"[A-Z_][A-Za-z0-9_:]{0,8}", fullmatch=True),
}


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A notation of keywords and groups, and values for a line of it."""
    values: dict[str, object] = {}
    parts = ["start"]
    for number in range(draw(st.integers(1, 5))):
        name = f"v{number}"
        kind = draw(st.sampled_from(["plain", "flag", "optional", "choice", "set"]))
        text = draw(st.sampled_from(sorted(_LEAVES)))
        value = draw(_LEAVES[text])
        keyword = f"k{number}-{draw(_WORDS)}"
        present = draw(st.booleans())
        if kind == "plain":
            parts.append(f"{keyword} {text}${name}")
            values[name] = value
        elif kind == "flag":
            parts.append(f"[{keyword}${name}]")
            values |= {name: keyword} if present else {}
        elif kind == "optional":
            parts.append(f"[{keyword} {text}${name}]")
            values |= {name: value} if present else {}
        elif kind == "choice":
            parts.append(f"<{keyword}|{text}>${name}")
            values[name] = value if present else keyword
        else:
            parts.append(f"[{{{keyword} {text}${name}|{keyword}x (1-9)${name}x}}]")
            values |= {name: value} if present else {}
            values |= {f"{name}x": 5} if draw(st.booleans()) else {}
    return " ".join(parts), values


@given(commands())
def test_parsing_undoes_unparsing(command: tuple[str, dict[str, object]]) -> None:
    notation, values = command
    tree = compile_notation(notation)
    check_reversible(tree)
    text = unparse(tree, values)
    assert text is not None
    graph = Graph()
    graph.add("it", tree, negatable=True)
    assert match(graph, text.split()) == Match("it", values, False)
    assert match(graph, ["no", *text.split()]) == Match("it", values, True)
