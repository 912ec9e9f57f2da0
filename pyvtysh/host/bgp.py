"""bgpd as a part of this process: its component and its transport."""

import asyncio
import socket
from collections.abc import Callable

from bgp.bgpd import Bgpd
from bgp.tcp import AsyncTransport
from bgp.transport import Transport
from grammar.base.clock import SystemClock
from grammar.base.values import is_address
from pyvtysh.host.errors import reason
from pyvtysh.host.hosted import Hosted
from pyvtysh.host.log import DaemonLog
from pyvtysh.host.options import Options

MakeTransport = Callable[[DaemonLog], Transport]


def host_bgpd(options: Options, transport: MakeTransport) -> Hosted[Bgpd]:
    """bgpd in the running loop."""
    loop = asyncio.get_running_loop()

    def make(log: DaemonLog) -> Bgpd:
        made = Bgpd(loop, SystemClock(), log, transport(log), socket.gethostname())
        made.no_zebra = "Z" in options.flags
        # FRR's help says that -l implies it; its bgpd installs routes all the same.
        made.config.most_paths = options.multipath
        made.no_kernel = "n" in options.flags
        made.config.no_rib = made.no_zebra or made.no_kernel or None  # so FRR prints both
        return made

    return Hosted("bgpd", options, make)


def tcp_transport(options: Options, port: int) -> MakeTransport:
    """Makes the transport over TCP that the options ask for."""
    loop = asyncio.get_running_loop()
    return lambda log: AsyncTransport(loop, log, list(options.listen_on), port)


def check_port(options: Options, port: int) -> OSError | None:
    """Why BGP cannot listen on a port, None when it can; addresses are those of `-l` or all."""
    if not port:
        return None
    for address in options.listen_on or ["0.0.0.0", "::"]:
        if not is_address(address):
            continue  # bgpd says so when it listens
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            probe = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue  # no IPv6 here
        try:
            with probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
                probe.listen(1)
        except OSError as error:
            where = f"{address} port {port}"
            return OSError(error.errno, f"cannot listen for BGP on {where}: {reason(error)}")
    return None
