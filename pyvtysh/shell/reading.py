"""Lines for a command that reads some: no commands, so no Tab, no `?` and no history for them."""

from prompt_toolkit import PromptSession
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output

from pyvtysh.shell.keys import pasted_lines
from pyvtysh.shell.paste import Batch


def read_further(batch: Batch, output: Output) -> str | None:
    """The next line; None on Ctrl-D, KeyboardInterrupt on Ctrl-C.

    Of a paste the first line is given, and the others wait in the batch for who asks next.
    """
    keys = KeyBindings()

    @keys.add("tab")
    def blank(event: KeyPressEvent) -> None:
        """A letter as others."""
        event.current_buffer.insert_text("\t")

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        """Whole lines are taken, what follows the last waits to be edited."""
        first, *rest = pasted_lines(event.data)
        event.current_buffer.insert_text(first)
        if rest:
            batch.waiting.extend(rest[:-1])
            batch.tail = rest[-1]
            event.current_buffer.validate_and_handle()

    text, batch.tail = batch.tail, ""
    session: PromptSession[str] = PromptSession(
        key_bindings=keys, reserve_space_for_menu=0, enable_suspend=False, output=output
    )
    try:
        return session.prompt(default=text)
    except EOFError:
        return None
