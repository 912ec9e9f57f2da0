"""Words of one's own for lines, from a file; for people at a terminal, never for scripts.

`~/.pyvtysh_aliases`, or the file that $PYVTYSH_ALIASES names, has one alias a line:

    # what I look at first
    sum = show bgp summary
    adv = show bgp ipv4 unicast neighbors $1 advertised-routes

`$1` to `$9` are the words behind the alias, `$*` all that are not named; without either they are
put at the end.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from grammar.node import CONFIG, ENABLE
from pyvtysh.dispatch import Vtysh

_LINE = re.compile(r"\s*(\S+)\s*=\s*(.*?)\s*$")
_NAME = re.compile(r"[A-Za-z][\w.-]*")
_PLACE = re.compile(r"\$([1-9*])")


class AliasError(Exception):
    """An alias cannot be used as it was; the text says how it is used."""


@dataclass(slots=True)
class Aliases:
    """The aliases of a user by name, and what is wrong in their file."""

    lines: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expand(self, line: str) -> str:
        """The line that a typed one stands for; AliasError if words are missing."""
        name, _, rest = line.strip().partition(" ")
        if name not in self.lines:
            return line
        typed, bar, pipe = rest.partition("|")
        return filled(name, self.lines[name], typed.split()) + (f" {bar}{pipe}" if bar else "")

    def behind(self, text: str) -> str:
        """The beginning of a line for `?` and Tab: an alias that has its blank is its line."""
        name, blank, rest = text.lstrip().partition(" ")
        if not blank or name not in self.lines or _PLACE.search(self.lines[name]):
            return text
        return f"{self.lines[name]} {rest}"


def filled(name: str, line: str, words: list[str]) -> str:
    """The line of an alias with words in its places."""
    named = {int(place) for place in _PLACE.findall(line) if place != "*"}
    needed = max(named, default=0)
    if len(words) < needed:
        wanted = "a word" if needed == 1 else f"{needed} words"
        raise AliasError(f"{name} needs {wanted} behind it: {line}")
    rest = " ".join(words[needed:])
    if needed == 0 and "$*" not in line:
        return f"{line} {rest}".rstrip()
    if rest and "$*" not in line:
        raise AliasError(f"{name} takes no more than {needed} of those words: {line}")
    return _PLACE.sub(lambda at: rest if at[1] == "*" else words[int(at[1]) - 1], line).rstrip()


def path_of_aliases() -> str:
    """Where the file is."""
    return os.environ.get("PYVTYSH_ALIASES") or os.path.expanduser("~/.pyvtysh_aliases")


def read_aliases(path: str, taken: Callable[[str], bool]) -> Aliases:
    """The aliases of a file; those whose name is `taken` are among what is wrong."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except FileNotFoundError:
        return Aliases()
    except OSError as error:
        return Aliases(wrong=[f"{path}: {error.strerror}"])
    found = Aliases()
    for number, line in enumerate(text.splitlines(), 1):
        found.wrong += [f"{path}:{number}: {fault}" for fault in _read_line(found, line, taken)]
    return found


def _read_line(found: Aliases, line: str, taken: Callable[[str], bool]) -> Iterator[str]:
    if not line.strip() or line.lstrip().startswith("#"):
        return
    match = _LINE.match(line)
    if match is None or not match[2]:
        yield "an alias is NAME = LINE"
        return
    name, stands_for = match.groups()
    if not _NAME.fullmatch(name):
        yield f"{name!r} is no name: letters, digits, dots, `_` and `-`, a letter first"
    elif taken(name):
        yield f"{name} is a command already"
    elif name in found.lines:
        yield f"{name} is there twice; the first counts"
    elif stands_for.split()[0] in {name, *found.lines}:
        yield f"{name} stands for another alias; write its line out"
    else:
        found.lines[name] = stands_for


def is_command(vtysh: Vtysh, name: str) -> bool:
    """Whether a word is a keyword that lines begin with, typed in full."""
    return any(name in vtysh.merged.graph(node).root.open().keywords for node in (ENABLE, CONFIG))
