"""Sockets of another network namespace: how FRR's `zebra -n` keeps VRFs apart (Linux)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/var/run/netns")
"""Where `ip netns` keeps namespaces by name."""
_CLONE_NEWNET: Final = 0x40000000


def _enter(fd: int) -> None:
    import ctypes  # here: few routers have such VRFs

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(fd, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextmanager
def inside(name: str) -> Iterator[None]:
    """What is opened meanwhile belongs to the namespace of that name; OSError if it cannot be had.

    The name may be a path. The thread is back in its own when this ends; it takes CAP_SYS_ADMIN.
    """
    other = os.open(FOLDER / name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with entered(other):
            yield
    finally:
        os.close(other)


@contextmanager
def entered(other: int) -> Iterator[None]:
    """As `inside`, by an open file of the namespace."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(other)
        try:
            yield
        finally:
            _enter(own)
    finally:
        os.close(own)
