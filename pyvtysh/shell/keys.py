"""Keys with a meaning of their own: `?`, Ctrl-Z, Ctrl-C and Ctrl-V."""

import sys

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.named_commands import get_by_name

from pyvtysh.dispatch import Vtysh
from pyvtysh.questions import help_for


def bindings(vtysh: Vtysh) -> KeyBindings:
    """The key bindings of one terminal."""
    keys = KeyBindings()

    @keys.add("?")
    def question(event: KeyPressEvent) -> None:
        """Print what may come next, and give the line back as it was."""
        text = event.current_buffer.document.text_before_cursor

        def show() -> None:
            rows = [f"{vtysh.prompt}{text}", *help_for(vtysh, text)]
            sys.stdout.write("".join(f"{row}\n" for row in rows))
            sys.stdout.flush()

        run_in_terminal(show)

    @keys.add("c-z")
    def end(event: KeyPressEvent) -> None:
        """Leave configuration."""
        if vtysh.node.is_config:
            event.current_buffer.text = "end"
            event.current_buffer.validate_and_handle()

    @keys.add("c-c")
    def clear(event: KeyPressEvent) -> None:
        """Forget the line, on a new one."""
        event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    @keys.add("c-d")
    def leave(event: KeyPressEvent) -> None:
        """End vtysh on an empty line; elsewhere delete a letter."""
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            event.app.exit(exception=EOFError)

    keys.add("c-v")(get_by_name("quoted-insert"))
    return keys
