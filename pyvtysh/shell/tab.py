"""Tab: what is the same in all that may stand here is put in; else they are listed, with meanings.

Nothing is drawn over the screen: what is listed stays, as behind `?`, on terminals of any size and
however slow the line to them is.
"""

import os
from dataclasses import dataclass

from prompt_toolkit.utils import get_cwidth

from grammar.language.tokens import Variable
from pyvtysh.dispatch import Vtysh
from pyvtysh.questions import completions
from pyvtysh.shell.known import Known

_GAP = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand in place of `partial`: words in order, and what values among them mean."""

    partial: str
    texts: list[str]
    meanings: dict[str, str]

    @property
    def insertion(self) -> str:
        """What Tab puts behind the partial word: the rest of the only one, or what all share."""
        if not self.texts:
            return ""
        end = " " if len(self.texts) == 1 else ""
        return os.path.commonprefix(self.texts)[len(self.partial) :] + end


def offer(vtysh: Vtysh, known: Known, text: str) -> Offer:
    """What may stand at the end of a text."""
    meanings: dict[str, str] = {}

    def values(leaf: Variable, words: list[str], partial: str) -> list[str]:
        found = known.meant(leaf, words, partial)
        meanings.update((value, said) for value, said in found if said)
        return [value for value, _ in found]

    partial = "" if not text or text[-1] in " \t" else text.split()[-1]
    return Offer(partial, completions(vtysh, text, values).texts, meanings)


def rows(offered: Offer, columns: int, lines: int) -> list[str]:
    """The list in `columns` columns, at most `lines` lines: one a line if there are meanings."""
    texts, meanings = offered.texts, offered.meanings
    width = max(map(get_cwidth, texts), default=0) + _GAP
    if any(text in meanings for text in texts):
        each = 1
        shown = [f"  {padded(text, width)}{meanings.get(text, '')}" for text in texts]
    else:
        each = max(1, columns // width)
        shown = [
            "".join(padded(text, width) for text in texts[at : at + each])
            for at in range(0, len(texts), each)
        ]
    shown = [shortened(row.rstrip(), columns) for row in shown]
    if len(shown) <= lines:
        return shown
    return [*shown[: lines - 1], f"... {len(texts) - (lines - 1) * each} more"]


def padded(text: str, width: int) -> str:
    """With blanks behind, up to `width` cells."""
    return text + " " * (width - get_cwidth(text))


def shortened(text: str, columns: int, mark: str = "~") -> str:
    """Cut to fit a line of so many cells, with a mark; letters of East Asia have two."""
    if get_cwidth(text) <= columns:
        return text
    kept = ""
    room = columns - 1
    for letter in text:
        room -= get_cwidth(letter)
        if room < 0:
            break
        kept += letter
    return kept + mark
