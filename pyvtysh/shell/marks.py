"""What stands under a line that was not understood: `^`, and the word that was meant."""

from collections.abc import Iterator

from prompt_toolkit.utils import get_cwidth

from grammar.language.complete import complete
from grammar.language.match import split_words, word_columns
from pyvtysh import beyond
from pyvtysh.dispatch import Vtysh
from pyvtysh.nearest import keywords_at, nearest
from pyvtysh.questions import further_node, place_of

_OFFERED = 4


def mark_under(line: str, index: int, before: str, columns: int) -> str:
    """`^` below word `index` of a line (behind the last word for one too many).

    `before` stands ahead of the line on a terminal of so many columns, over which it may run on.
    """
    starts = word_columns(line)
    start = starts[index] if index < len(starts) else len(line.rstrip()) + 1
    return " " * (get_cwidth((before + line.ljust(start))[: len(before) + start]) % columns) + "^"


def marked(vtysh: Vtysh, line: str, index: int, columns: int) -> Iterator[str]:
    """The lines to print under a typed one whose word `index` is wrong."""
    mark = mark_under(line, index, vtysh.prompt, columns)
    said = meant(vtysh, line, index)
    if said and get_cwidth(mark) + 1 + get_cwidth(said) < columns:
        yield f"{mark} {said}"
        return
    yield mark
    if said:
        yield f"  {said}"


def meant(vtysh: Vtysh, line: str, index: int) -> str:
    """The nearest right words for a wrong one, or those that an ambiguous one may be."""
    words = split_words(line)
    if index >= len(words):
        return ""
    ahead, word = words[:index], words[index]
    node, ahead = place_of(vtysh, ahead)
    graph = vtysh.merged.graph(node)
    found = [text for text in complete(graph, ahead, word).texts if text != word]
    if len(found) > 1:
        more = ["..."] if len(found) > _OFFERED else []
        return f"may be {', '.join([*found[:_OFFERED], *more])}"
    keywords = keywords_at(graph, ahead)
    if (further := further_node(vtysh, node)) is not None:
        keywords += keywords_at(beyond.graph(further), ahead)
    while node.parent is not None and not ahead:
        node = node.parent
        keywords += vtysh.merged.graph(node).root.open().keywords
    close = nearest(word, keywords)
    return f"did you mean {' or '.join(close)}?" if close else ""
