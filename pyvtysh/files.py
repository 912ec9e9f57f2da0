"""Configuration files are replaced at once.

The new text is written beside the old file, brought to the disk and renamed over it, so that a
crash leaves the old file whole. The old one is kept as `FILE.sav`.
"""

import contextlib
import os
from pathlib import Path

_MODE = 0o640
_OWNER = "frr"


def replace_file(path: Path, text: str, *, keep: bool = True) -> None:
    """Put `text` in place of a file in one step, `keep`ing the old one as `.sav`; OSError.

    Owner and mode stay as they are (FRR's vtysh sets its own each time); where the owner cannot
    stay, a group that did not stay either gets nothing, as there are passwords in such files. A
    new one is FRR's: mode 0640, as root of FRR's user where there is one.
    """
    import tempfile  # 5 ms that the start of a daemon need not pay

    target = path.resolve()
    prefix = f".{target.name}.{os.getpid()}."
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            _give(descriptor, target)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        if keep:
            _keep_old(target)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(target.parent)
    _sweep(target)


def _sweep(target: Path) -> None:
    """Remove what writers left that were killed on the way: there are passwords in it."""
    for path in target.parent.glob(f".{target.name}.*"):
        pid = path.name.removeprefix(f".{target.name}.").removeprefix("sav.").partition(".")[0]
        if pid.isdecimal() and not os.path.exists(f"/proc/{pid}"):
            with contextlib.suppress(OSError):
                path.unlink()


def _give(descriptor: int, target: Path) -> None:
    try:
        old = target.stat()
    except FileNotFoundError:
        _give_to_frr(descriptor)
        os.fchmod(descriptor, _MODE)
        return
    mode = old.st_mode & 0o777
    try:
        os.fchown(descriptor, old.st_uid, old.st_gid)
    except OSError:  # only root may give files away
        try:
            os.fchown(descriptor, -1, old.st_gid)
        except OSError:
            mode &= 0o707
    os.fchmod(descriptor, mode)


def _give_to_frr(descriptor: int) -> None:
    if os.geteuid() == 0:
        import grp
        import pwd

        with contextlib.suppress(KeyError, OSError):
            os.fchown(descriptor, pwd.getpwnam(_OWNER).pw_uid, grp.getgrnam(_OWNER).gr_gid)


def _keep_old(target: Path) -> None:
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


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
