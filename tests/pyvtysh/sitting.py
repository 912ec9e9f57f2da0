"""Our vtysh on a real terminal, over toy daemons."""

import sys
from pathlib import Path

from tests.pyvtysh.serving import Served
from tests.support.terminal import Terminal
from tests.support.wait import until

PROGRAM = """
import sys
from tests.grammar.toy import LANGUAGE
import pyvtysh.cli as cli
import pyvtysh.dispatch as dispatch
cli.load_languages = lambda: dict.fromkeys(("zebra", "bgpd"), LANGUAGE)
dispatch.socket.gethostname = lambda: "farm"
sys.exit(cli.main())
"""


def sit(
    served: Served,
    history: Path | None = None,
    rows: int = 30,
    columns: int = 80,
    **env: str,
) -> Terminal:
    """A terminal with a fresh vtysh at its prompt."""
    terminal = Terminal(
        [
            *(sys.executable, "-c", PROGRAM),
            *("--vty_socket", served.directory, "--config_dir", served.directory),
            *("-H", history or "/dev/null"),
        ],
        rows=rows,
        columns=columns,
        env={"PYTHONPATH": ".", "PYVTYSH_ALIASES": "/dev/null", **env},
    )
    terminal.wait_prompt("farm# ")
    return terminal


def shows(terminal: Terminal, *lines: str) -> None:
    """Wait until these are the last lines of the screen."""

    def shown() -> bool:
        if tuple(terminal.lines()[-len(lines) :]) != lines:
            raise AssertionError(terminal.text())
        return True

    until(shown, 10, f"{lines[-1]!r}")
