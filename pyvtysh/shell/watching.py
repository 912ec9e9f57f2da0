"""`watch` on a terminal: one screen, drawn in place; what changed since the last is in reverse."""

import time
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.text import Text

from grammar.base.errors import Status
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.pipes.watching import headline
from pyvtysh.shell.colours import Painter
from pyvtysh.shell.drawn import shown
from pyvtysh.shell.size import environment
from pyvtysh.shell.tab import shortened

CHANGED = "reverse"


def drawing(vtysh: Vtysh, line: str, seconds: float) -> Running:
    """Draw until Ctrl-C; the screen is then as it was before."""
    console = Console(_environ=environment())
    before: list[str] | None = None
    try:
        with Live(console=console, screen=True, auto_refresh=False) as live:
            while True:
                text, _ = collect(shown(vtysh, line))
                lines = list(_coloured(vtysh, line, text))
                head = headline(line, seconds)
                live.update(screen(head, before, lines, *console.size), refresh=True)
                before = [each.plain for each in lines]
                time.sleep(seconds)
    except KeyboardInterrupt:
        return Status.SUCCESS
    yield ""


def _coloured(vtysh: Vtysh, line: str, text: str) -> Iterator[Text]:
    painter = Painter(line)
    for each in text.expandtabs().splitlines():
        found = Text.from_ansi(each)
        if vtysh.seen.colour:
            for start, end, style in painter.spans(found.plain):
                found.stylize(style, start, end)
        yield found


def screen(head: str, before: list[str] | None, lines: list[Text], width: int, height: int) -> Text:
    """What is shown: the headline, and as many lines as there is room for."""
    room = height - 2
    shown, more = (lines, 0) if len(lines) <= room else (lines[: room - 1], len(lines) - room + 1)
    text = Text(no_wrap=True, overflow="crop", end="")
    what, _, when = head.rpartition("  ")
    left = width - len(when) - 2
    text.append(
        f"{shortened(what, left, '>')}{' ' * max(0, left - cell_len(what))}  {when}\n", "bold"
    )
    for number, line in enumerate(shown):
        old = None if before is None else before[number] if number < len(before) else ""
        text.append("\n")
        text.append(marked(old, line))
    if more:
        text.append(f"\n... {more} more lines", "dim")
    return text


def marked(old: str | None, text: Text) -> Text:
    """A line with the words marked that are not what stood at their place; None: nothing was."""
    new = text.plain
    if old is None or old == new:
        return text
    start = 0
    while start < len(new):
        end = start
        blank = new[start] == " "
        while end < len(new) and (new[end] == " ") == blank:
            end += 1
        if not blank and (old[start:end] != new[start:end] or old[end : end + 1].strip()):
            text.stylize(CHANGED, start, end)
        start = end
    return text
