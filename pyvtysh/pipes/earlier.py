"""What a shell showed before, for `show ... | diff`."""

import difflib
import re
import time
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from pyvtysh.link import Running, mapped

MOST_TEXT = 4 << 20
"""Characters of an answer that is kept."""
MOST_RUNS = 32
"""Commands whose last answers are kept."""

_OTHERWISE = re.compile(r"\|\s+(?:diff|save)\b")
"""What shows something else than the answer."""
_CONTEXT = 2
_MOST_COMPARED = 5000
"""Lines between the first and the last that differ, of which it is looked for what moved."""


class Earlier:
    """The last answer to each of the last commands, with the time it was given."""

    def __init__(self) -> None:
        self._runs: dict[str, tuple[str, str]] = {}

    def kept(self, line: str, running: Running) -> Running:
        """Run, and keep the answer to a show command."""
        if _OTHERWISE.search(line):
            return (yield from running)
        texts: list[str] = []
        size = 0

        def noted(text: str) -> str:
            nonlocal size
            size += len(text)
            if size <= MOST_TEXT:
                texts.append(text)
            else:
                texts.clear()
            return text

        status = yield from mapped(running, noted)
        if size <= MOST_TEXT:
            self.put(line, "".join(texts))
        return status

    def put(self, line: str, text: str) -> None:
        """Keep an answer."""
        key = _key(line)
        self._runs.pop(key, None)
        self._runs[key] = time.strftime("%H:%M:%S"), text
        while len(self._runs) > MOST_RUNS:
            del self._runs[next(iter(self._runs))]

    def text(self, line: str) -> str:
        """The last answer to a line; "" if none is kept."""
        return self._runs.get(_key(line), ("", ""))[1]

    def compared(self, line: str, text: str) -> Iterator[str]:
        """What differs from the last answer to the same line; this one is kept in its place."""
        before = self._runs.get(_key(line))
        self.put(line, text)
        if before is None:
            yield f"No earlier run of `{line}` here; this one is kept.\n"
            return
        when, old = before
        if old == text:
            yield f"No change since {when}.\n"
            return
        yield f"--- {when}\n+++ {time.strftime('%H:%M:%S')}\n"
        yield from differences(old.splitlines(), text.splitlines())


def _key(line: str) -> str:
    return " ".join(line.split())


def differences(old: list[str], new: list[str]) -> Iterator[str]:
    """The lines that went (`-`) and came (`+`), with some around them, as `diff -u` has them."""
    same = _count_same(old, new)
    tail = _count_same(reversed(old[same:]), reversed(new[same:]))
    start = max(0, same - _CONTEXT)
    keep = max(0, tail - _CONTEXT)
    olds, news = old[start : len(old) - keep], new[start : len(new) - keep]
    if len(olds) + len(news) > _MOST_COMPARED:
        yield from _plain_differences(olds, news)
        return
    found = difflib.unified_diff(olds, news, n=_CONTEXT, lineterm="")
    for line in islice(found, 2, None):
        yield f"{line if not line.startswith('@@') else '@@'}\n"


def _count_same(first: Iterable[str], second: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second)))  # noqa: B905


def _plain_differences(old: list[str], new: list[str]) -> Iterator[str]:
    """Without order, in time that grows with the lines only."""
    olds, news = set(old), set(new)
    yield from (f"-{line}\n" for line in old if line not in news)
    yield from (f"+{line}\n" for line in new if line not in olds)
