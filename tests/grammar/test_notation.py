"""Notation to trees: each construct, its errors, and the cache of compiled notations."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.base.values import Address, Afi, Prefix
from grammar.language import notation
from grammar.language.notation import NotationError, compile_notation, parse
from grammar.language.tokens import (
    AnyOrder,
    Choice,
    Keyword,
    Kind,
    NoSkip,
    Optional,
    Sequence,
    Variable,
    leaves,
    read,
)


def leaf(text: str) -> Keyword | Variable:
    (only,) = leaves(compile_notation(text))
    return only


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A.B.C.D", Kind.IPV4),
        ("A.B.C.D/M", Kind.IPV4_PREFIX),
        ("X:X::X:X", Kind.IPV6),
        ("X:X::X:X/M", Kind.IPV6_PREFIX),
        ("X:X:X:X:X:X", Kind.MAC),
        ("X:X:X:X:X:X/M", Kind.MAC_PREFIX),
        ("(1-65535)", Kind.RANGE),
        ("WORD", Kind.WORD),
        ("ASN:NN_OR_IP-ADDRESS:NN", Kind.WORD),
        ("LINE...", Kind.REST),
    ],
)
def test_variable_kinds(text: str, kind: Kind) -> None:
    found = leaf(text)
    assert isinstance(found, Variable)
    assert found.kind is kind
    assert found.text == text.removesuffix("...")
    assert not found.named


@pytest.mark.parametrize(
    "text", ["show", "ipv4", "matching-MED-only", "Null0", "remove-private-AS", "*"]
)
def test_keywords(text: str) -> None:
    assert leaf(text) == Keyword(text, text.replace("-", "_"), False, 0)


def test_ranges_keep_their_bounds_and_signs() -> None:
    found = leaf("(-60-4294967295)$offset")
    assert isinstance(found, Variable)
    assert (found.low, found.high, found.name, found.named) == (-60, 4294967295, "offset", True)


def test_a_name_of_a_group_goes_to_its_alternatives() -> None:
    tree = compile_notation("show <ipv4|ipv6>$afi")
    assert [(token.name, token.named) for token in leaves(tree)[1:]] == [("afi", True)] * 2


def test_groups_nest() -> None:
    tree = compile_notation("a [b <c|d E>] {f|g} ![h (1-2)]")
    assert [type(item) for item in tree.items] == [Keyword, Optional, AnyOrder, NoSkip]
    optional = tree.items[1]
    assert isinstance(optional, Optional)
    assert isinstance(optional.item, Sequence)
    assert isinstance(optional.item.items[1], Choice)
    assert [token.index for token in leaves(tree)] == list(range(9))


def test_an_optional_with_alternatives_is_an_optional_choice() -> None:
    (token,) = compile_notation("[in|out]").items
    assert isinstance(token, Optional)
    assert isinstance(token.item, Choice)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 0),
        ("a <b", 4),
        ("a ]", 2),
        ("a B.c", 2),
        ("show (9-1)", 5),
        ("show ip...", 5),
        ("a <b|>", 4),
    ],
)
def test_errors_name_the_column(text: str, column: int) -> None:
    with pytest.raises(NotationError) as caught:
        compile_notation(text)
    assert caught.value.notation == text
    assert caught.value.column == column
    assert caught.value.reason


@given(st.text(alphabet="ab<>[]{}|!$(-)1 A.", max_size=20))
def test_only_notation_errors_escape(text: str) -> None:
    try:
        tree = notation.tree(parse(text))
    except NotationError:
        return
    assert leaves(tree)


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [
        ("A.B.C.D", "192.0.2.1", Address.parse("192.0.2.1")),
        ("A.B.C.D", "192.0.2", None),
        ("A.B.C.D", "::1", None),
        ("A.B.C.D/M", "10.1.2.3/8", Prefix(Afi.IPV4, 0x0A010203, 8)),
        ("A.B.C.D/M", "10.0.0.0/33", None),
        ("X:X::X:X", "2001:db8::1", Address.parse("2001:db8::1")),
        ("X:X::X:X/M", "2001:db8::/32", Prefix.parse("2001:db8::/32")),
        ("X:X::X:X/M", "10.0.0.0/8", None),
        ("(1-10)", "10", 10),
        ("(1-10)", "11", None),
        ("(1-10)", "1_0", None),
        ("(-5-10)", "-5", -5),
        ("X:X:X:X:X:X", "00:11:22:aa:bb:cc", "00:11:22:aa:bb:cc"),
        ("X:X:X:X:X:X", "00:11:22:aa:bb:zz", None),
        ("X:X:X:X:X:X/M", "00:11:22:aa:bb:cc/49", None),
        ("WORD", "anything:at/all", "anything:at/all"),
    ],
)
def test_values_of_words(text: str, word: str, value: object) -> None:
    found = leaf(text)
    assert isinstance(found, Variable)
    assert read(found, word) == value


def test_the_cache_is_up_to_date() -> None:
    declared = notation.declared_notations()
    cached = json.loads(Path(notation.CACHE).read_text())
    assert set(cached) == declared, "run: python -m grammar.language.notation --write"
    for text in declared:
        assert cached[text] == parse(text)


def test_declared_notations_come_from_the_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("some_commands")
    module.LANGUAGE = type("Fake", (), {"notations": lambda self: ["show b", "show a"]})()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "some_commands", module)
    assert notation.declared_notations(["some_commands", "no_such.commands"]) == {
        "show a",
        "show b",
    }


def test_the_cache_text_is_one_notation_a_line() -> None:
    text = notation.cache_text(["show b", "a <b|c>$d", "show b"])
    assert text.splitlines()[1:-1] == [
        '"a <b|c>$d": ["a",["<",["b$d"],["c$d"]]],',
        '"show b": ["show","b"]',
    ]
    assert json.loads(text) == {"a <b|c>$d": parse("a <b|c>$d"), "show b": ["show", "b"]}


def test_matching_needs_no_heavy_imports() -> None:
    code = (
        "import sys, grammar.language.match, grammar.language.complete, grammar.output.jsonc,"
        " grammar.config; print(sorted({'pyparsing', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
