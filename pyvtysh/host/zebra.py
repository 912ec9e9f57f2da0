"""zebra as a part of this process: its component, the kernel and the socket for its clients."""

import asyncio
import errno
import os
import pwd
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from grammar.base.clock import SystemClock
from grammar.base.log import Level
from grammar.base.netns import inside
from grammar.base.values import Prefix
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.hosted import Hosted
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.namespaces import NamespaceFolder
from pyvtysh.host.options import Options
from zebra.kernel.api import (
    Kernel,
    KernelRoute,
    RemoveRoute,
)
from zebra.kernel.memory import MemoryKernel
from zebra.namespace import Namespace
from zebra.netns import FOLDER, NamespaceVrfs
from zebra.rtadv.icmp import IcmpSocket
from zebra.zapi.server import Server
from zebra.zebra import Zebra

_FRR_USER = "frr"
_NOWHERE = Prefix.parse("255.255.255.255/32")


def host_zebra(options: Options, kernel: Kernel) -> Hosted[Zebra]:
    """zebra in the running loop."""
    loop = asyncio.get_running_loop()
    keep = options.graceful_restart

    def make(log: DaemonLog) -> Zebra:
        clock = SystemClock()
        made = Zebra(
            loop,
            clock,
            log,
            kernel,
            keep=keep,
            multipath=options.multipath,
            open_namespace=_opener(max(options.send_buffer, 0)) if "n" in options.flags else None,
        )
        made.losses.hardware = "asic-offload" in options.flags
        if not isinstance(kernel, MemoryKernel):
            made.open_wire = partial(_open_wire, log)
            made.open_wire(made.namespace)
        return made

    return Hosted("zebra", options, make)


def _opener(buffer: int) -> Callable[[str], Kernel]:
    from zebra.kernel.netns import NamespaceKernel  # costly: pyroute2

    return lambda path: NamespaceKernel(path, buffer)


def _open_wire(log: DaemonLog, namespace: Namespace) -> None:
    """Open the socket for router advertisements; without it zebra runs, and says so."""
    advertiser, path = namespace.advertiser, namespace.path
    try:
        with inside(path) if path else nullcontext():
            namespace.wire = IcmpSocket(asyncio.get_running_loop(), advertiser.received)
    except OSError as error:
        text = f"no router advertisements: cannot open ICMPv6: {reason(error)}"
        log.write(Level.WARNINGS, f"{path}: {text}" if path else text)
    else:
        advertiser.attach(namespace.wire)


async def open_kernel(buffer: int = 0) -> Kernel:
    """The kernel's routing over netlink; StartError without the right to change it.

    `buffer` is the size of its receive buffer (`-s`), 0 for the usual one.
    """
    from zebra.kernel.netlink import NetlinkKernel  # costly: pyroute2

    try:
        kernel = NetlinkKernel(buffer)
    except OSError as error:
        raise StartError(f"cannot open netlink: {reason(error)}") from None
    refused = await _program(kernel, RemoveRoute(KernelRoute(_NOWHERE)))
    if refused in (errno.EPERM, errno.EACCES):
        kernel.close()
        raise StartError(
            "cannot change the kernel's routes: Operation not permitted (CAP_NET_ADMIN is needed)"
        )
    return kernel


async def _program(kernel: Kernel, *changes: RemoveRoute) -> int:
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    kernel.program(changes, lambda errors: answer.set_result(errors[0] if errors else 0))
    return await answer


def start_zebra(zebra: Zebra) -> None:
    """Let zebra read the kernel; StartError."""
    try:
        zebra.start()
    except OSError as error:
        raise StartError(f"cannot read the kernel's routes: {reason(error)}") from None
    if zebra.namespaces is not None:
        _watch_namespaces(zebra, zebra.namespaces)


def _watch_namespaces(zebra: Zebra, namespaces: NamespaceVrfs) -> None:
    """Namespaces are VRFs as soon as they have a name; without the folder zebra says so."""
    try:
        folder = NamespaceFolder(FOLDER, namespaces.found, namespaces.gone)
    except OSError as error:
        zebra.log.write(Level.WARNINGS, f"no VRFs: cannot watch {FOLDER}: {reason(error)}")
    else:
        folder.scan()


def claim_zserv(path: str, zebra: Zebra) -> Server:
    """The socket for ZAPI clients, who wait until the server is started; StartError.

    Claimed before zebra touches the kernel: a second zebra must not take the first one's routes.
    """
    server = Server(path, zebra.accept, _clients_user(), partial(zebra.log.write, Level.WARNINGS))
    try:
        server.claim()
    except OSError as error:
        raise StartError(reason(error)) from None
    return server


def _clients_user() -> tuple[int, int] | None:
    """The user that FRR's daemons drop to, who must be able to connect; None when we cannot give.

    Only root can give a socket away, and only where FRR is installed there is such a user.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_FRR_USER)
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid


async def drained(kernel: Kernel) -> None:
    """Return when the kernel has done all that it was told."""
    await _program(kernel)
