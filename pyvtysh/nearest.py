"""Did you mean: the keyword of the language that is nearest to a word that nothing takes."""

from collections.abc import Iterable
from difflib import get_close_matches

from grammar.language.complete import after
from grammar.language.graph import Graph

_ALIKE = 0.6
_READ = 80
"""Letters of a wrong word that are looked at."""


def keywords_at(graph: Graph, words: list[str]) -> list[str]:
    """The keywords that may stand behind `words`, hidden ones included."""
    return [text for state in after(graph, words) for text in state.open().keywords]


def nearest(word: str, keywords: Iterable[str]) -> list[str]:
    """At most two keywords that are like `word`, the nearest first."""
    return get_close_matches(word.lower()[:_READ], dict.fromkeys(keywords), 2, _ALIKE)
