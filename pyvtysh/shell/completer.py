"""Tab: keywords of the language and values that the daemons know."""

from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from pyvtysh.dispatch import Vtysh
from pyvtysh.questions import completions


class LineCompleter(Completer):
    """Completes the word before the cursor; a single candidate brings its blank along."""

    def __init__(self, vtysh: Vtysh) -> None:
        self.vtysh = vtysh

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """The candidates for the text before the cursor."""
        text = document.text_before_cursor
        partial = "" if not text or text[-1] in " \t" else text.split()[-1]
        found = completions(self.vtysh, text).texts
        end = " " if len(found) == 1 else ""
        for word in found:
            yield Completion(word + end, start_position=-len(partial), display=word)
