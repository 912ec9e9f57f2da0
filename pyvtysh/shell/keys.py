"""Keys with a meaning of their own: `?`, Ctrl-Z, Ctrl-C and Ctrl-V; and pasted lines."""

import sys
from collections import deque

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.filters import is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.named_commands import get_by_name
from prompt_toolkit.keys import Keys

from pyvtysh.dispatch import Vtysh
from pyvtysh.questions import help_for


def bindings(vtysh: Vtysh, pasted: deque[str]) -> KeyBindings:
    """The key bindings of one terminal; `pasted` takes the lines that follow a pasted first one."""
    keys = KeyBindings()

    @keys.add("?", filter=~is_searching)
    def question(event: KeyPressEvent) -> None:
        """Print what may come next, and give the line back as it was."""
        text = event.current_buffer.document.text_before_cursor

        def show() -> None:
            rows = [f"{vtysh.prompt}{text}", *help_for(vtysh, text)]
            sys.stdout.write("".join(f"{row}\n" for row in rows))
            sys.stdout.flush()

        run_in_terminal(show)

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

    @keys.add(Keys.BracketedPaste, filter=~is_searching)
    def paste(event: KeyPressEvent) -> None:
        """Run each whole line as if it were typed; what follows the last stays to be edited."""
        text = event.data.replace("\r\n", "\n").replace("\r", "\n")
        first, *rest = text.split("\n")
        event.current_buffer.insert_text(first)
        if rest:
            pasted.extend(rest)
            event.current_buffer.validate_and_handle()

    keys.add("c-v")(get_by_name("quoted-insert"))
    return keys
