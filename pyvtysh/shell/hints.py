"""While one types: the rest of a word that can be only one, and the word that is none, marked.

Both look at what is known already; nobody is asked and nothing is waited for.
"""

from collections.abc import Callable, Iterator

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from grammar.language.complete import after, complete
from grammar.language.graph import Graph
from grammar.language.match import split_words, word_columns
from grammar.node import Node
from pyvtysh import beyond
from pyvtysh.dispatch import Vtysh
from pyvtysh.questions import completions, further_node, place_of
from pyvtysh.shell.known import Known

WRONG = "class:wrong-word"
_MOST = 40
"""Words of a line that are looked at."""


class RestOfWord(AutoSuggest):
    """The rest of the word before the cursor, if the language and what is known leave one only."""

    def __init__(self, vtysh: Vtysh, known: Known) -> None:
        self.vtysh = vtysh
        self.known = known

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """prompt_toolkit: what to show behind the cursor."""
        text = document.text
        if not self.vtysh.hints or not text or text[-1].isspace() or "|" in text:
            return None
        partial = text.split()[-1]
        found = completions(self.vtysh, text, self.known.at_hand).texts
        if len(found) != 1 or found[0] == partial:
            return None
        return Suggestion(found[0][len(partial) :])


class WrongWord(Lexer):
    """Marks the first word that nothing takes, once a blank stands behind it."""

    def __init__(self, vtysh: Vtysh) -> None:
        self.vtysh = vtysh

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """prompt_toolkit: the text in pieces with their styles."""
        text = document.text
        found = wrong_word(self.vtysh, text) if self.vtysh.hints else None
        if found is None:
            return lambda _: [("", text)]
        begin, end = found
        return lambda _: [("", text[:begin]), (WRONG, text[begin:end]), ("", text[end:])]


def wrong_word(vtysh: Vtysh, text: str) -> tuple[int, int] | None:
    """Where the first word begins and ends that no line has there; None if all may be right.

    Nothing is wrong where a daemon may know what we do not.
    """
    line = text.partition("|")[0]
    words, columns = split_words(line)[:_MOST], word_columns(line)
    if (
        not words
        or words[0][0] in "!#"
        or any(n not in vtysh.merged.languages for n in vtysh.links)
    ):
        return None
    node, looked = place_of(vtysh, words)
    skip = len(words) - len(looked)
    typing = len(looked) - (not line[-1].isspace())
    wrong = skip + max(_good(graph, looked, typing) for graph in _graphs(vtysh, node))
    return None if wrong == len(words) else (columns[wrong], columns[wrong] + len(words[wrong]))


def _graphs(vtysh: Vtysh, node: Node) -> Iterator[Graph]:
    """Those that may take a line in a node."""
    further = further_node(vtysh, node)
    if further is not None:
        yield beyond.graph(further)
    above: Node | None = node
    while above is not None:
        yield vtysh.merged.graph(above)
        above = above.parent


def _good(graph: Graph, words: list[str], typed: int) -> int:
    """How many words may be right: the first `typed` are whole, one behind them is not."""
    for number in range(len(words)):
        if number < typed:
            taken = bool(after(graph, words[: number + 1]))
        else:
            may = complete(graph, words[:number], words[number])
            taken = bool(may.candidates) or bool(after(graph, words))
        if not taken:
            return number
    return len(words)
