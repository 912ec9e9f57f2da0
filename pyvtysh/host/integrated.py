"""frr.conf, the one file of all daemons, loaded where they live in one process.

Each line goes to the daemons that know it, as `vtysh -b` would send it.
"""

from collections.abc import Mapping
from pathlib import Path

from grammar.base.errors import Status
from grammar.node import CONFIG
from grammar.session import Daemon, Session
from pyvtysh import loading
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.host import configuration
from pyvtysh.host.configuration import BadLine, bad_line
from pyvtysh.link import Link, LocalLink
from pyvtysh.merged import load_languages


def load(daemons: Mapping[str, Daemon], path: Path) -> list[BadLine]:
    """Put the file in force, at once for all daemons; the lines that were not taken.

    A daemon that is not among `daemons` does not run: its lines are not taken. StartError when
    the file cannot be read.
    """

    def connect(name: str) -> Link | None:
        return LocalLink(name, Session(daemons[name])) if name in daemons else None

    told: list[str] = []
    vtysh = Vtysh(LANGUAGE, load_languages(), connect, told.append, str(path.parent))
    lines = configuration.read(path)
    vtysh.connect()
    collect(loading.begin(vtysh))
    vtysh.session.go(CONFIG)
    vtysh.through_warnings = True
    bad = []
    for number, line in enumerate(lines, 1):
        told.clear()
        text, status = collect(loading.load_line(vtysh, number, line))
        if status != Status.SUCCESS:
            says = told[0] if status == Status.NO_DAEMON else text
            bad.append(bad_line(path, number, line, status, says))
    collect(loading.finish(vtysh))
    return bad
