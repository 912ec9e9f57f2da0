"""The terminal of the tests, tried with a program whose behaviour is plain."""

import sys

from tests.support.terminal import Terminal

ECHO = """
import sys
print("\\x1b[2J\\x1b[Hhello", flush=True)
while True:
    line = input("> ")
    if line == "bye":
        sys.exit(3)
    print(f"<{line}>")
"""


def test_keys_go_in_and_the_screen_comes_out() -> None:
    with Terminal([sys.executable, "-c", ECHO], rows=6, columns=30) as terminal:
        assert terminal.wait_prompt("> ") == ["hello", ">"]
        terminal.type("one")
        terminal.wait_for("> one")
        assert terminal.cursor == (1, 5)
        terminal.press("backspace", "enter")
        assert terminal.wait_prompt("> ") == ["hello", "> on", "<on>", ">"]
        for line in "abcd":
            terminal.enter(line)
            terminal.wait_for(f"<{line}>")
        assert terminal.scrollback()[:3] == ["hello", "> on", "<on>"]
        assert terminal.settle()[-1] == ">"
        terminal.enter("bye")
        assert terminal.wait_end() == 3


def test_a_signal_is_told_as_a_negative_status() -> None:
    with Terminal(["sleep", "1000"]) as terminal:
        terminal.settle()
        terminal.press("^C")
        assert terminal.wait_end() == -2
