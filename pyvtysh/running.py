"""The configuration of the whole router: shown as one, and written to files."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from grammar.base.errors import Status
from grammar.config import vtysh_running_config
from pyvtysh.dispatch import Vtysh, texts_of
from pyvtysh.link import Running

if TYPE_CHECKING:
    from pathlib import Path

_DIRECT = (
    "\nWarning: attempting direct configuration write without watchfrr.\n"
    "File permissions and ownership may be incorrect, or write may fail.\n\n"
)


def own_lines(vtysh: Vtysh) -> list[str]:
    """The lines of vtysh's own that a running configuration shows."""
    lines = [f"hostname {vtysh.hostname}"] if vtysh.hostname else []
    if vtysh.domainname:
        lines.append(f"domainname {vtysh.domainname}")
    if vtysh.integrated is not None:
        lines.append(f"{'' if vtysh.integrated else 'no '}service integrated-vtysh-config")
    lines += [f"username {user} nopassword" for user in vtysh.users]
    return lines


def running_config(vtysh: Vtysh, daemon: str | None = None, *, header: bool = True) -> str:
    """What `show running-config [DAEMON] [no-header]` prints."""
    names = [name for name in vtysh.links if name != "watchfrr" and daemon in (None, name)]
    texts = [text for _, text in texts_of(vtysh, "do write terminal", names)]
    return vtysh_running_config(texts, own_lines(vtysh), header=header)


def integrated_path(vtysh: Vtysh) -> "Path":
    """Where the integrated configuration is kept."""
    from pathlib import Path  # here and below: imports that only some lines need

    return Path(vtysh.config_dir) / "frr.conf"


def wants_integrated(vtysh: Vtysh) -> bool:
    """As configured; when nothing is, whether frr.conf is there, or may be: who must not look has
    watchfrr, which may (FRR).
    """
    if vtysh.integrated is not None:
        return vtysh.integrated
    try:
        os.stat(integrated_path(vtysh))
    except FileNotFoundError:
        return False
    except OSError:
        pass
    return True


def write(vtysh: Vtysh) -> Running:
    """`write [memory|file]`: one file for all, or a file of each daemon."""
    yield "Note: this version of vtysh never writes vtysh.conf\n"
    if wants_integrated(vtysh):
        if "watchfrr" in vtysh.links:
            return (yield from vtysh.ask("watchfrr", "do write integrated"))
        yield _DIRECT
        return (yield from write_integrated(vtysh))
    yield "Building Configuration...\n"
    failed: int = Status.SUCCESS
    for name in list(vtysh.links):
        status = yield from vtysh.ask(name, "do write memory")
        if status not in (Status.SUCCESS, Status.WARNING):  # WARNING: it has no file of its own
            failed = status
    return failed


def write_integrated(vtysh: Vtysh) -> Running:
    """Write frr.conf; what went wrong goes to standard error, with the name of the file."""
    yield "Building Configuration...\n"
    path = integrated_path(vtysh)
    asked = set(vtysh.links)
    text = running_config(vtysh, header=False).removesuffix("end\n")
    if gone := asked - set(vtysh.links):
        # Its lines would be missing, and that for good: it reads them from this very file.
        vtysh.say(f"% Error: {', '.join(sorted(gone))} went away: {path} stays as it was\n")
        return Status.CONFIG_FAILED
    from pyvtysh.files import replace_file

    try:
        replace_file(path, text)
    except OSError as error:
        vtysh.say(f"% Error: failed to write {path}: {error.strerror}\n")
        return Status.CONFIG_FAILED
    yield f"Integrated configuration saved to {path}\n[OK]\n"
    return Status.SUCCESS


def read_lines(path: "Path") -> Iterable[str]:
    """The lines of a file without their newlines; nothing if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []
