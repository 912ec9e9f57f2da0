"""Expressions against the C library's regcomp and regexec, which FRR uses."""

import ctypes
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.expression.automaton import Automaton, expression
from grammar.expression.syntax import ExpressionError, parse

_C = ctypes.CDLL(None)
_EXTENDED, _NOSUB = 1, 8
_EDGE = "(^|[,{}() ]|$)"


def frrs(text: str, subject: str) -> bool | None:
    """What regexec says, with FRR's `_` put in; None if regcomp refuses the expression."""
    compiled = ctypes.create_string_buffer(256)
    text = text.replace("_", _EDGE)
    if _C.regcomp(compiled, text.encode(), _EXTENDED | _NOSUB):
        return None
    try:
        return bool(_C.regexec(compiled, subject.encode(), 0, None, 0) == 0)
    finally:
        _C.regfree(compiled)


def by_automaton(text: str, subject: str) -> bool | None:
    try:
        return Automaton(parse(text)).found(subject)
    except ExpressionError:
        return None


def ours(text: str, subject: str) -> bool | None:
    try:
        return expression(text).found(subject)
    except ExpressionError:
        return None


PATHS = (
    "",
    "65001",
    "65001 65100 65200",
    "65001 {65300,65301}",
    "(65001 65002) 1",
    "1 11 111",
    "100 1000",
)
TEXTS = r"""
^$ .* ^65001$ _65100_ _65200$ ^65001_ ^[0-9]+$ [{]65300 (_65100|_65200)$ ^65001(_[0-9]+)*$
^(65001)+_ [[:digit:]]+_651 a|b _1{2,3}_ _1{2}$ _(1|11|111)$ ^1_+11 () (|1)$ 1||2 ) a) ( [ [a
[^0-9] []1] [^]1] [a-] [1-9]- [9-1] * +1 ^* $+ (^)*1 1{ 1{,2}$ 1{2,1} 1{x} {1} 1** 1+? \. \ \(
\w+\b \<65 65\> \B1 ^\s*1 \S\S 6\+ [[:foo:]] [[.-.]] [[=1=]]1 \d x{0}1 (a|b)*c1?
^(1|11)(1|11)*$ ^.{5}$ 1\'
"""


@pytest.mark.parametrize("text", TEXTS.split())
def test_known_ones(text: str) -> None:
    for subject in PATHS:
        answer = frrs(text, subject)
        assert ours(text, subject) == answer, subject
        assert by_automaton(text, subject) == answer, subject


PIECES = r"1 2 12 . ^ $ _ [12] [^1] (1) ( ) | * + ? {2} {0,1} {1,} [1-9] \. \b , {"
pieces = st.sampled_from([*PIECES.split(), " "])


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=9).map("".join), st.text("12 ,{}", max_size=12))
def test_any(text: str, subject: str) -> None:
    answer = frrs(text, subject)
    assert ours(text, subject) == answer
    assert by_automaton(text, subject) == answer


SLOW = ["^(1+)+$", "(1|1)*2", "(.*)*x", "1?" * 200 + "1" * 200 + "2"]
SLOW += ["(1+_)*x", "1+_1+_1+_2", "_1*1*2", "(1|2)*1*_3"]


@pytest.mark.parametrize("text", SLOW)
def test_nothing_takes_long(text: str) -> None:
    search = expression(text)
    start = time.process_time()
    for subject in ("1" * 2000 + " 1", "1 " * 1000, "1" * 100 + " 1"):
        assert not search.found(subject)
    assert time.process_time() - start < 1


def test_too_large_ones_and_references_are_refused() -> None:
    for text in ("((1{200}){200}){200}", r"(1)\1"):
        with pytest.raises(ExpressionError):
            expression(text)


def test_states_do_not_grow_without_end() -> None:
    search = Automaton(parse("(1|2)*1(1|2){9}$"))
    texts = [bin(number)[2:].replace("0", "2") for number in range(4096, 8192, 3)]
    for text in texts:
        assert search.found(text) is (text[-10] == "1")


def test_an_underline_is_itself_where_it_is_no_edge() -> None:
    assert expression("a_b").found("a b")
    assert not expression("a_b", edges=False).found("a b")
    assert expression("a_b", edges=False).found("xa_bx")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "Regex syntax error"),
        ("[^", "Regex syntax error"),
        ("[]", "Unbalanced square brackets"),
        ("[a-", "Unbalanced square brackets"),
        ("[[:alpha:", "Unbalanced square brackets"),
        ("(a|(b", "Unbalanced parentheses"),
        ("a{1,", "Unbalanced braces"),
        ("a{x}", "Invalid {...} expression"),
        ("a{2,1}", "Invalid {...} expression"),
        ("a{32768}", ""),
        ("a|*b", "Bad repetition operator"),
        ("$*", "Bad repetition operator"),
        ("[b-a]", "Invalid endpoint in range expression"),
        ("[[:alpha:]-z]", "Invalid endpoint in range expression"),
        ("[[:foo:]]", "Invalid character class name"),
        ("[[.ab.]]", "Invalid collating element"),
        ("\\", "Regex ended with escape character (\\)"),
        ("\\1", "Invalid number in \\digit construction"),
        ("(a)\\1", "References to groups are not supported"),
    ],
)
def test_what_is_wrong_is_said_in_frrs_words(text: str, words: str) -> None:
    """As `find` of vtysh 8.4.4 says it; references it takes."""
    with pytest.raises(ExpressionError) as raised:
        expression(text)
    assert str(raised.value) == words
