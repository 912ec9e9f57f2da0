"""frr.conf, the one file of all daemons: loaded where they live in one process, and written.

Each line goes to the daemons that know it, as `vtysh -b` would send it.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from grammar.base.errors import Status
from grammar.node import CONFIG
from grammar.session import Daemon, Session
from pyvtysh import loading, running
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Connect, Vtysh, collect, drain
from pyvtysh.host import configuration
from pyvtysh.host.configuration import BadLine, bad_line
from pyvtysh.link import Link, LocalLink, SocketLink
from pyvtysh.merged import load_languages


class MissingError(Exception):
    """A daemon whose lines belong into the file does not answer; the text is its name."""


def write(sockets: Mapping[str, str], config_dir: str) -> list[str]:
    """Write frr.conf as `vtysh -w` does, from the daemons behind these vty sockets.

    What there is to say of it, also of what went wrong. MissingError, and the file stays as it
    was, when one of them does not answer.
    """

    def connect(name: str) -> Link | None:
        return SocketLink(name, sockets[name]) if name in sockets else None

    return _written(connect, config_dir, sockets)


def write_here(daemons: Mapping[str, Daemon], config_dir: str) -> list[str]:
    """The same for daemons of this process."""

    def connect(name: str) -> Link | None:
        return LocalLink(name, Session(daemons[name])) if name in daemons else None

    return _written(connect, config_dir, daemons)


def _written(connect: Connect, config_dir: str, wanted: Collection[str]) -> list[str]:
    said: list[str] = []
    vtysh = Vtysh(LANGUAGE, load_languages(), connect, said.append, config_dir)
    loading.read_own_file(vtysh, f"{config_dir}/vtysh.conf")
    vtysh.connect()
    try:
        for name in wanted:
            if name not in vtysh.links:
                raise MissingError(name)
        drain(running.write_integrated(vtysh), said.append)
    finally:
        vtysh.close()
    return said


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
