"""`?` and Tab behind a `|`: the filters, and what may stand behind them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from grammar.filtering import FilterError
from grammar.language.complete import Candidate, Completions
from pyvtysh.pipes.tables import columns_of_text
from pyvtysh.pipes.words import EXPRESSIONS, FILTERS, Piped, may_have_filters, named, read_filters

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh

_MOST_FILES = 100


def offered(vtysh: "Vtysh", text: str) -> Completions | None:
    """What may stand at the end of a line with a bar; None where no filter can stand."""
    if not may_have_filters(vtysh, text):
        return None
    before, _, behind = text.rpartition("|")
    if not before[-1:].isspace() or not before.strip() or behind[:1] not in ("", " ", "\t"):
        return None
    words = behind.split()
    partial = "" if not behind or behind[-1] in " \t" else words.pop()
    if not words:
        found = [
            Candidate(name, text) for name, text in FILTERS.items() if name.startswith(partial)
        ]
        return Completions(found, False)
    try:
        name = named(words[0])
        piped = read_filters(text.rstrip())
    except FilterError:
        return Completions([], False)
    command = before.rstrip() if piped is None else _ahead(vtysh, piped)
    return _arguments(vtysh, name, words[1:], partial, command)


def _ahead(vtysh: "Vtysh", piped: Piped) -> str:
    """What is ahead of the last filter, if it was run; else the command."""
    earlier = vtysh.seen.earlier
    was_run = earlier is not None and earlier.text(piped.before)
    return piped.before if was_run else piped.command


def _arguments(
    vtysh: "Vtysh", name: str, words: list[str], partial: str, command: str
) -> Completions:
    behind = Candidate("|", "Another filter", False)
    if name in EXPRESSIONS:
        wanted = Candidate("REGEX", "A regular expression", False)
        return Completions([wanted, *[behind] * bool(words and not partial)], bool(words))
    match name:
        case "first" | "last" if not words:
            wanted = Candidate("(1-999999999)", "How many; 10 if not said", False)
            return Completions([wanted, *[behind] * (not partial)], True)
        case "json" if not words:
            wanted = Candidate("JMESPATH", "What is looked for, such as routes.*", False)
            return Completions([wanted, *[behind] * (not partial)], True)
        case "sort" | "columns":
            return _of_columns(vtysh, name, words, partial, command)
        case "save":
            return _of_files(words, partial)
    return Completions([behind] * (not partial), True)


def _of_columns(
    vtysh: "Vtysh", name: str, words: list[str], partial: str, command: str
) -> Completions:
    """The columns are those of the last answer to the command, if there was one."""
    earlier = vtysh.seen.earlier
    text = earlier.text(command) if earlier is not None else ""
    known = [_quoted(title) for title in columns_of_text(text.splitlines())]
    values = tuple(title for title in known if title.lower().startswith(partial.lower()))
    found = [Candidate("COLUMN", "The title of a column, or its beginning", False, values)]
    if words and name == "sort" and "reverse".startswith(partial):
        found.append(Candidate("reverse", "The greatest first"))
    if words and not partial:
        found.append(Candidate("|", "Another filter", False))
    return Completions(found, bool(words))


def _quoted(title: str) -> str:
    """A title as one word."""
    return title.replace(" ", "")


def _of_files(words: list[str], partial: str) -> Completions:
    if words:
        found = [Candidate("overwrite", "Replace the file if it exists")]
        return Completions([each for each in found if each.text.startswith(partial)], not partial)
    values = tuple(sorted(_files(partial)))
    return Completions([Candidate("FILE", "A new file", False, values)], False)


def _files(partial: str) -> Iterator[str]:
    folder, _, start = partial.rpartition("/")
    head = f"{folder}/" if "/" in partial else ""
    with suppress(OSError), os.scandir(os.path.expanduser(head) or ".") as entries:
        for number, entry in enumerate(entries):
            if number >= _MOST_FILES:
                return
            if entry.name.startswith(start) and (start or not entry.name.startswith(".")):
                yield head + entry.name + ("/" if entry.is_dir() else "")
