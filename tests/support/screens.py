"""Recorded sessions at a terminal: what is typed, and the screen that is there then.

A file of tests/golden/screens begins with a sentence on what it is. Then come steps, each of lines
with `> ` (what somebody does) and, for each size of terminal, the screen behind it:

```
> enter show bgp graph
== 80x24
r1# show bgp graph
...
== 40x15
...
```

What can be done: `enter LINE` (up to the next prompt), `type TEXT`, `press KEY...` (as
`Terminal.press`), `paste TEXT` (with `\\n` for the ends of lines), `clear` (an empty line on an
empty screen), `see TEXT` (wait until that is there). Times of day and durations are masked.
`pytest --update-golden tests/pyvtysh/test_screens.py` writes the screens anew.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.terminal import Terminal
from tests.support.wait import until

FOLDER = Path(__file__).parent.parent / "golden" / "screens"
_QUIET = 0.8
"""Seconds without output after which a screen is recorded."""
_PROMPT = re.compile(r"\w+(\(\S+\))?#")
_MASKS = (
    (re.compile(r"\d\d:\d\d:\d\d"), "hh:mm:ss"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "yyyy-mm-dd"),
)


@dataclass(slots=True)
class Step:
    """What is done, and the screens by size (`80x24`)."""

    does: list[str]
    screens: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Recorded:
    """A file."""

    path: Path
    says: str
    steps: list[Step]

    @classmethod
    def read(cls, path: Path) -> "Recorded":
        """Read a file; ValueError names one that is no session."""
        head, *lines = path.read_text().rstrip("\n").split("\n")
        steps: list[Step] = []
        screen: list[str] | None = None
        is_new = True
        for number, line in enumerate(lines, 2):
            if line.startswith("> "):
                if is_new or screen is not None:
                    steps.append(Step([]))
                is_new = False
                steps[-1].does.append(line[2:])
                screen = None
            elif line.startswith("== "):
                screen = steps[-1].screens.setdefault(line[3:], [])
            elif screen is not None:
                screen.append(line)
            elif not line:
                is_new = True
            else:
                raise ValueError(f"{path}:{number}: neither a step nor a screen")
        return cls(path, head, steps)

    def write(self) -> None:
        """Write it back."""
        rows = [self.says]
        for step in self.steps:
            rows += ["", *(f"> {done}" for done in step.does)]
            for size, screen in step.screens.items():
                rows += [f"== {size}", *screen]
        self.path.write_text("\n".join(rows) + "\n")

    def play(self, terminal: Terminal, size: str, *, record: bool) -> None:
        """Do all steps; AssertionError where a screen is not as recorded."""
        for step in self.steps:
            for done in step.does:
                _do(terminal, done)
            if record:
                step.screens[size] = _still(terminal)
            else:
                _compare(terminal, step.screens[size], f"{self.path.name} {step.does}")


def sessions() -> list[Path]:
    """The files, in order."""
    return sorted(FOLDER.glob("*.txt"))


def _do(terminal: Terminal, done: str) -> None:
    match done.partition(" "):
        case "enter", _, line:
            _run(terminal, line)
        case "type", _, text:
            terminal.type(text)
        case "press", _, keys:
            terminal.press(*keys.split())
        case "paste", _, text:
            lines = text.replace("\\n", "\n")
            terminal.type(f"\x1b[200~{lines}\x1b[201~")
        case "see", _, text:
            until(lambda: text in terminal.text(), 20, f"{text!r} on the screen")
        case "clear", _, _:
            terminal.press("^L")
            until(lambda: len(terminal.lines()) == 1, 20, "an empty screen")
        case other:
            raise ValueError(f"no step: {other}")


def _run(terminal: Terminal, line: str) -> None:
    """Type a line and wait for the next prompt: keys that come before it would show twice."""
    before = terminal.lines()
    terminal.enter(line)

    def ready() -> bool:
        now = terminal.lines()
        return now != before and bool(now) and _PROMPT.fullmatch(now[-1]) is not None

    until(ready, 20, f"the prompt behind {line!r}")


def _masked(terminal: Terminal) -> list[str]:
    """The screen, as a file has it: with no empty lines at its end."""
    lines = terminal.lines()
    for pattern, name in _MASKS:
        lines = [pattern.sub(name, line) for line in lines]
    return lines


def _still(terminal: Terminal) -> list[str]:
    since, last = time.monotonic(), _masked(terminal)
    while time.monotonic() - since < _QUIET:
        time.sleep(0.02)
        if (now := _masked(terminal)) != last:
            since, last = time.monotonic(), now
    return last


def _compare(terminal: Terminal, expected: list[str], what: str) -> None:
    wanted = list(expected)
    while wanted and not wanted[-1]:  # ahead of the next step
        wanted.pop()

    def same() -> bool:
        shown = _masked(terminal)
        if shown != wanted:
            raise AssertionError("\n".join([*shown, "-- is not --", *wanted]))
        return True

    until(same, 10, what)
