"""The configuration of the whole router: shown as one, and written to files.

Files are replaced at once: the new text is written beside the old file, brought to the disk and
renamed over it, so that a crash leaves the old file whole. The old one is kept as `FILE.sav`.
"""

import contextlib
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
    """As configured; when nothing is, whether frr.conf is there."""
    return integrated_path(vtysh).exists() if vtysh.integrated is None else vtysh.integrated


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
    text = running_config(vtysh, header=False).removesuffix("end\n")
    try:
        replace_file(path, text)
    except OSError as error:
        vtysh.say(f"% Error: failed to write {path}: {error.strerror}\n")
        return Status.CONFIG_FAILED
    yield f"Integrated configuration saved to {path}\n[OK]\n"
    return Status.SUCCESS


def replace_file(path: "Path", text: str) -> None:
    """Put `text` in place of a file in one step, keeping the old one as `.sav`; OSError.

    Mode and owner are those of the old file; a new one gets 0640 and FRR's user, where there is
    such a user and we may give files away.
    """
    import tempfile

    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            _take_mode(descriptor, target)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        _keep_old(target)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(target.parent)


def _take_mode(descriptor: int, target: "Path") -> None:
    try:
        old = target.stat()
    except FileNotFoundError:
        os.fchmod(descriptor, 0o640)
        if os.geteuid() == 0:
            import grp
            import pwd

            with contextlib.suppress(KeyError, OSError):
                os.fchown(descriptor, pwd.getpwnam("frr").pw_uid, grp.getgrnam("frr").gr_gid)
        return
    os.fchmod(descriptor, old.st_mode & 0o7777)
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, old.st_gid)


def _keep_old(target: "Path") -> None:
    """A second name for the old file, so that there is no moment without it."""
    saved = target.with_name(f"{target.name}.sav")
    spare = target.with_name(f".{target.name}.sav.{os.getpid()}")
    try:
        os.link(target, spare)
    except FileNotFoundError:
        return
    try:
        os.replace(spare, saved)
    except OSError:
        os.unlink(spare)
        raise


def _sync_directory(directory: "Path") -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_lines(path: "Path") -> Iterable[str]:
    """The lines of a file without their newlines; nothing if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []
