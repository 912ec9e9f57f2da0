"""A process of its own: background, pid file, another user's rights, folders."""

import contextlib
import fcntl
import grp
import os
import pwd
import resource
import stat
import struct
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from pyvtysh.host.clients import OPERATORS, group_number
from pyvtysh.host.errors import LoggedError, PlainError, StartError, reason
from pyvtysh.host.log import early_line
from pyvtysh.host.options import TAGS, Options, own_run_dir

_PR_SET_KEEPCAPS = 8
_CAPABILITY_VERSION_3 = 0x20080522
_KEPT = (10, 12, 13)
"""CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW: what FRR's daemons keep."""
_TO_ENTER = 21
"""CAP_SYS_ADMIN: to enter namespaces that are VRFs."""


def run(program: str, background: bool, serve: Callable[[Callable[[], None]], None]) -> int:
    """Run `serve(ready)` here or, with `background`, in a child; the exit status.

    With `background` this process ends with 0 when the child has called `ready`, which cuts it off
    from the standard files; 1 is returned when it ended before.
    """
    if not background:
        return _guarded(program, lambda: serve(_nothing))
    readable, writable = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        os.close(writable)
        with os.fdopen(readable, "rb") as pipe:
            if pipe.read():
                os._exit(0)  # nothing is left to tidy up, and the interpreter would take 8 ms
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        how = f"exited {code}" if code >= 0 else f"died of signal {-code}"
        sys.stderr.write(f"{program} failed to start, {how}\n")
        return 1
    os.close(readable)
    os.setsid()

    def ready() -> None:
        _to_null()
        os.write(writable, b"ready")
        os.close(writable)

    status = _guarded(program, lambda: serve(ready))
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(status)


def _nothing() -> None:
    pass


def _guarded(program: str, serve: Callable[[], None]) -> int:
    try:
        serve()
    except StartError as error:
        if isinstance(error, LoggedError) and program in TAGS:
            for line in error.lines:
                sys.stderr.write(f"{early_line(TAGS[program], *line)}\n")
        else:
            sys.stderr.write(f"{'' if isinstance(error, PlainError) else f'{program}: '}{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  the user gets a sentence, whoever is to blame
        if os.environ.get("PYVTYSH_TRACEBACK"):
            traceback.print_exc()
        sys.stderr.write(f"{program}: ended by an internal error: {error!r}\n")
        return 1
    return 0


def _to_null() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


class PidFile:
    """A locked pid file; the lock ends with the process, so a dead one's file is no obstacle."""

    def __init__(self, path: str) -> None:
        """Take the lock and write the number; StartError."""
        self.path = path
        self._fd = self._locked()
        while not self._in_place():  # a daemon that ended took it away before we had the lock
            os.close(self._fd)
            self._fd = self._locked()
        number = f"{os.getpid()}\n".encode()
        try:
            os.pwrite(self._fd, number, 0)  # who looks meanwhile finds a number, if an old one
            os.ftruncate(self._fd, len(number))
        except OSError as error:
            self.close()
            raise StartError(f"cannot write {path}: {reason(error)}") from None

    def _locked(self) -> int:
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            text = f"Can't create pid lock file {self.path} ({reason(error)}), exiting"
            raise LoggedError((text, "XNZM2-2XF6G", 100663303)) from None
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(fd)
            text = f"Could not lock pid_file {self.path} ({reason(error)}), exiting."
            text += "  Please ensure that the daemon is not already running"
            raise LoggedError((text, "NTCMZ-C8X80", 100663303)) from None
        return fd

    def _in_place(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._fd), os.stat(self.path))
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Remove the file and let go of it; what is no plain file (`-i /dev/null`) stays."""
        with contextlib.suppress(OSError):
            if stat.S_ISREG(os.stat(self.path).st_mode):
                os.unlink(self.path)
        os.close(self._fd)


_FLOCK = struct.Struct("hhllixxxx")


def holder(path: str) -> int:
    """The process that holds a pid file locked, 0 if there is none or it may not be asked."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = _FLOCK.unpack(fcntl.fcntl(fd, fcntl.F_GETLK, asked))
        return 0 if kind == fcntl.F_UNLCK else pid
    except OSError:
        return 0
    finally:
        os.close(fd)


def prepare(options: Options) -> None:
    """Make the run folders and become the user of `-u` and `-g`; StartError.

    CAP_NET_BIND_SERVICE, CAP_NET_ADMIN and CAP_NET_RAW stay, and CAP_SYS_ADMIN with bgpd and
    `zebra -n`, who enter the namespaces of VRFs; all else of root goes.
    """
    limit_descriptors(options.fds)
    owner = _owner(options)
    for folder in sorted(_folders(options)):
        _make(folder, owner)
    if owner is not None and "processes" not in options.flags:  # its children do it
        rights = {*_KEPT, _TO_ENTER} if _enters(options) else _KEPT
        _become(*owner, rights, (OPERATORS, options.view_group))
        if not os.access(os.__file__, os.R_OK):
            where = os.path.dirname(os.__file__)
            raise StartError(f"user {options.user} may not read Python's own modules in {where}")


def limit_descriptors(wanted: int) -> None:
    """`--limit-fds`: a bound on what is open at once, within what the system allows."""
    if wanted > 0:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most != resource.RLIM_INFINITY:
            wanted = min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _folders(options: Options) -> set[str]:
    """The folders that this program makes files in."""
    folders = {options.vty_dir, os.path.dirname(options.pid_path(options.program))}
    if options.program in ("zebra", "pyvtysh"):
        folders.add(os.path.dirname(options.zserv_path))
    if options.wire is not None:
        folders.add(str(options.wire))
    return folders - {""}


def _make(folder: str, owner: tuple[int, int] | None) -> None:
    try:
        Path(folder).mkdir(mode=0o755, parents=True, exist_ok=True)
        if folder.startswith(own_run_dir()):
            os.chmod(folder, 0o700)  # fails when it is another user's
        if owner is not None:
            os.chown(folder, *owner)
    except OSError as error:
        raise StartError(f"cannot make folder {folder}: {reason(error)}") from None
    if not os.access(folder, os.W_OK):
        raise StartError(f"cannot write to folder {folder} (--vty_socket names another one)")


def _owner(options: Options) -> tuple[int, int] | None:
    """The ids of `-u` and `-g`; None when nothing is to change."""
    if os.geteuid() != 0 or "S" in options.flags or not (options.user or options.group):
        return None
    uid, gid = 0, 0
    if options.user:
        try:
            entry = pwd.getpwnam(options.user)
        except KeyError:
            raise PlainError(f"privs_init: could not lookup user {options.user}") from None
        uid, gid = entry.pw_uid, entry.pw_gid
    if options.group:
        try:
            gid = grp.getgrnam(options.group).gr_gid
        except KeyError:
            raise PlainError(f"privs_init: could not lookup group {options.group}") from None
    return uid, gid


def _enters(options: Options) -> bool:
    """Whether sockets are opened in other namespaces; bgpd hears of them from zebra."""
    return options.program == "bgpd" or (options.program == "zebra" and "n" in options.flags)


def _become(uid: int, gid: int, rights: Iterable[int], names: Iterable[str]) -> None:
    """Become a user with these capabilities, in these groups too where there are such."""
    numbers = (group_number(name) for name in names)
    groups = [gid, *(number for number in numbers if number is not None)]
    import ctypes  # here: most starts change no user

    libc = ctypes.CDLL(None, use_errno=True)
    try:
        os.setgroups(groups)
        os.setresgid(gid, gid, gid)
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise StartError(f"cannot become user {uid}: {reason(error)}") from None
    kept = sum(1 << number for number in rights)
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    if uid and libc.capset(header, struct.pack("=6I", kept, kept, 0, 0, 0, 0)) != 0:
        text = os.strerror(ctypes.get_errno())
        raise StartError(f"cannot keep network rights as user {uid}: {text}")
