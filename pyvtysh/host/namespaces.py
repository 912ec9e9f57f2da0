"""Which network namespaces have names: the folder of `ip netns`, watched with inotify."""

import asyncio
import ctypes
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

_IN_CREATE: Final = 0x100
_IN_DELETE: Final = 0x200
_IN_NONBLOCK: Final = 0x800
_IN_CLOEXEC: Final = 0x80000
_EVENT = struct.Struct("iIII")
_RETRY = 0.05
_TRIES = 100


class NamespaceFolder:
    """Tells of namespaces that get and lose names in a folder, as `ip netns` gives them.

    `found(name)` raises OSError while the name is no namespace yet: it is asked again for a while.
    """

    def __init__(
        self, folder: Path, found: Callable[[str], None], gone: Callable[[str], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._folder = folder
        self._found = found
        self._gone = gone
        folder.mkdir(parents=True, exist_ok=True)
        self._fd = _watch(folder)
        self._loop.add_reader(self._fd, self._read)

    def scan(self) -> None:
        """Tell of those that are there, in the order of the folder as FRR does."""
        for name in os.listdir(self._folder):
            self._try(name, 1)

    def close(self) -> None:
        """No more news."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)

    def _read(self) -> None:
        data = os.read(self._fd, 1 << 16)
        at = 0
        while at < len(data):
            _watched, mask, _cookie, size = _EVENT.unpack_from(data, at)
            at += _EVENT.size + size
            name = data[at - size : at].split(b"\0", 1)[0].decode(errors="replace")
            if mask & _IN_CREATE:
                self._try(name, _TRIES)
            elif mask & _IN_DELETE:
                self._gone(name)

    def _try(self, name: str, tries: int) -> None:
        # `ip netns add` makes the file first, and then binds the namespace to it.
        try:
            self._found(name)
        except OSError:
            if tries > 1 and (self._folder / name).exists():
                self._loop.call_later(_RETRY, self._try, name, tries - 1)


def _watch(folder: Path) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    fd = int(libc.inotify_init1(_IN_NONBLOCK | _IN_CLOEXEC))
    if fd < 0 or libc.inotify_add_watch(fd, os.fsencode(folder), _IN_CREATE | _IN_DELETE) < 0:
        number = ctypes.get_errno()
        if fd >= 0:
            os.close(fd)
        raise OSError(number, os.strerror(number), str(folder))
    return fd
