"""Makes `exec.table`, the enable node as text, from the declared languages (see `pyvtysh.table`).

`python -m grammar.language.notation --write` makes it too, behind `compiled.json`.
"""

import sys
from pathlib import Path

from grammar.language.graph import State
from grammar.language.tokens import Kind, Variable
from grammar.node import ENABLE
from pyvtysh.commands import LANGUAGE
from pyvtysh.merged import MergedLanguage, Route, load_languages
from pyvtysh.table import PATH

_TOPICS = {
    "show version": "version",
    "show daemons": "daemons",
    "show running-config": "running",
    "write terminal": "running",
}
"""The commands of vtysh itself that the one-shot path answers, by the beginning of the notation."""

_SELF = "=."
"""An edge back to its own state, which has no number yet."""

_REMARK = "Made by `python -m grammar.language.notation --write`; read by pyvtysh/table.py."


def table_text() -> str:
    """The content of `exec.table` for the languages as they are declared now."""
    merged = MergedLanguage(LANGUAGE, load_languages())
    return _Tabulation().text(merged.graph(ENABLE).root)


class _Tabulation:
    """Numbers the states; those with the same continuations are one."""

    def __init__(self) -> None:
        self._by_items: dict[object, int] = {}
        self._by_line: dict[tuple[str, ...], int] = {}
        self._lines: list[str] = [_REMARK, ""]

    def text(self, root: State) -> str:
        """The lines; the start is line 1."""
        self._lines[1] = "\t".join(self._fields(root))
        return "\n".join(self._lines) + "\n"

    def _number(self, state: State) -> int:
        # What may follow depends on the commands and what remains of each; `{a|b|c}` reaches the
        # same rest in many orders, which must not be walked one by one.
        items = (tuple((id(item[0]), item[1]) for item in state.items), state.repeated)
        number = self._by_items.get(items)
        if number is None:
            number = self._by_items[items] = self._of_line(self._fields(state))
        return number

    def _of_line(self, fields: tuple[str, ...]) -> int:
        number = self._by_line.get(fields)
        if number is None:
            number = self._by_line[fields] = len(self._lines)
            self._lines.append("\t".join(fields).replace(_SELF, f"={number}"))
        return number

    def _fields(self, state: State) -> tuple[str, ...]:
        state.open()
        keywords = [f"{word}={self._number(state.keywords[word])}" for word in state.words]
        variables = [
            _kind(variable) + (_SELF if following is state else f"={self._number(following)}")
            for variable, following in state.variables
        ]
        return _taker(state), " ".join(keywords), " ".join(variables)


def _taker(state: State) -> str:
    if not state.ends:
        return ""
    route = state.items[state.ends[0]][0].command
    assert isinstance(route, Route)
    if not route.own:
        return ",".join(route.owners)
    notation = route.command.notation
    topics = (topic for start, topic in _TOPICS.items() if f"{notation} ".startswith(f"{start} "))
    return ":".join(("vtysh", *topics))


def _kind(variable: Variable) -> str:
    match variable.kind:
        case Kind.WORD | Kind.REST:
            return "WORD"
        case Kind.RANGE:
            return f"RANGE:{variable.low}:{variable.high}"
        case kind:
            return kind.name


def main(arguments: list[str]) -> int:
    """`--write` renews the file; without it, say by the exit status if it is up to date."""
    text, file = table_text(), Path(PATH)
    if arguments == ["--write"]:
        file.write_text(text)
        return 0
    return 0 if file.exists() and file.read_text() == text else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
