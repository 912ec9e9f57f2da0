"""Keys with a meaning of their own: `?`, Tab, Ctrl-Z, Ctrl-C and Ctrl-V; and pasted lines."""

import sys
from collections.abc import Iterable
from typing import Protocol

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.filters import is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.named_commands import get_by_name
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

from pyvtysh.dispatch import Vtysh
from pyvtysh.shell.size import terminal_size
from pyvtysh.shell.tab import Offer, rows

_SMALLEST = 4
"""Lines of a list of Tab at least, however low the terminal is."""


_AHEAD = 2
"""Lines that somebody may type ahead, the last of them not whole."""
_ENTER = (Keys.ControlM, Keys.ControlJ)


class Pasted(Protocol):
    """Takes the lines that follow one in the editor; the last of them is not whole."""

    def __call__(self, rest: list[str], *, as_typed: bool = False) -> None:
        """They wait; `as_typed` are those of a terminal that does not tell a paste from keys."""
        ...


class Asked(Protocol):
    """Who answers for a text before the cursor."""

    def help(self, text: str) -> list[str]:
        """The lines of `?`."""
        ...

    def offer(self, text: str) -> Offer:
        """What Tab may put there."""
        ...


def bindings(vtysh: Vtysh, asked: Asked, pasted: Pasted) -> KeyBindings:
    """The key bindings of one terminal; `pasted` takes the lines that follow a pasted first one."""
    keys = KeyBindings()

    def below(event: KeyPressEvent, lines: Iterable[str]) -> None:
        """Print lines below the one that is typed, and give that back as it was."""
        text = event.current_buffer.document.text_before_cursor

        def show() -> None:
            sys.stdout.write("".join(f"{row}\n" for row in (f"{vtysh.prompt}{text}", *lines)))
            sys.stdout.flush()

        run_in_terminal(show)

    @keys.add("?", filter=~is_searching)
    def question(event: KeyPressEvent) -> None:
        """Print what may come next; in a line with others behind it it is a letter."""
        if is_pasted(lines_of(event.key_processor.input_queue)):
            event.current_buffer.insert_text("?")
            return
        below(event, asked.help(event.current_buffer.document.text_before_cursor))

    @keys.add("tab", filter=~is_searching)
    def complete(event: KeyPressEvent) -> None:
        """Put in what is certain, else list what is possible; in such a line it is a blank."""
        if is_pasted(lines_of(event.key_processor.input_queue)):
            event.current_buffer.insert_text(" ")
            return
        offered = asked.offer(event.current_buffer.document.text_before_cursor)
        if offered.insertion:
            event.current_buffer.insert_text(offered.insertion)
        elif offered.texts:
            size = terminal_size()
            below(event, rows(offered, size.columns, max(size.lines - 3, _SMALLEST)))
        else:
            event.app.output.bell()

    _leaving(keys, vtysh)
    _pasting(keys, pasted)

    keys.add("c-v")(get_by_name("quoted-insert"))
    return keys


def _pasting(keys: KeyBindings, pasted: Pasted) -> None:
    @keys.add(Keys.BracketedPaste, filter=~is_searching)
    def paste(event: KeyPressEvent) -> None:
        """Run each whole line as if it were typed; what follows the last stays to be edited."""
        first, *rest = pasted_lines(event.data)
        buffer = event.current_buffer
        if rest:
            rest[-1] += buffer.document.text_after_cursor
            buffer.text = buffer.document.text_before_cursor + first
            pasted(rest)
            buffer.validate_and_handle()
        else:
            buffer.insert_text(first)

    @keys.add("enter", filter=~is_searching)
    def enter(event: KeyPressEvent) -> None:
        """Run the line, and whole ones that have come behind it already."""
        waiting = event.key_processor.input_queue
        rest = lines_of(waiting)
        if rest and (is_pasted(rest) or not set("?\t") & set("".join(rest))):
            waiting.clear()
            pasted(rest, as_typed=True)
        event.current_buffer.validate_and_handle()


def pasted_lines(text: str) -> list[str]:
    """The lines of a paste, whatever ends them; the last one is not whole."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def lines_of(waiting: Iterable[KeyPress]) -> list[str]:
    """The lines of keys that wait, the last one not whole; none if they are no whole lines."""
    text = ""
    for press in waiting:
        if press.key in _ENTER:
            text += "\n"
        elif press.key == Keys.ControlI or len(press.key) == 1:
            text += press.data
        else:
            return []
    return text.split("\n") if "\n" in text else []


def is_pasted(lines: list[str]) -> bool:
    """Whether nobody types so many lines ahead: then `?` and Tab among them are letters."""
    return len(lines) > _AHEAD


def _leaving(keys: KeyBindings, vtysh: Vtysh) -> None:
    @keys.add("c-z", filter=~is_searching)
    def end(event: KeyPressEvent) -> None:
        """Leave configuration."""
        if vtysh.node.is_config:
            event.current_buffer.text = "end"
            event.current_buffer.validate_and_handle()

    @keys.add("c-c", filter=~is_searching)
    def clear(event: KeyPressEvent) -> None:
        """Forget the line, on a new one."""
        event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    @keys.add("c-d", filter=~is_searching)
    def leave(event: KeyPressEvent) -> None:
        """End vtysh on an empty line; elsewhere delete a letter."""
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            event.app.exit(exception=EOFError)
