"""What a terminal would obey is shown to people, and passed on as it is to programs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.visible import visible, visible_bytes

HOSTILE = {
    "\x1b]0;owned\x07": "\\x1b]0;owned\\x07",
    "\x1b[2J\x1b[H": "\\x1b[2J\\x1b[H",
    "a\rb\x08\x7f": "a\\x0db\\x08\\x7f",
    "\x9b31m": "\\x9b31m",
    "\udc9b31m": "\\x9b31m",
    "\u202etxt.exe": "\\u202etxt.exe",
    "\0": "\\x00",
    "tab\tand\nline, Zürich 東京 \U0001f642": "tab\tand\nline, Zürich 東京 \U0001f642",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert visible(text) == HOSTILE[text]


@given(st.text(max_size=60))
def test_the_same_of_bytes(text: str) -> None:
    assert visible_bytes(text.encode()) == visible(text).encode()
    left = set(visible(text)) - {"\n", "\t"}
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in left)
