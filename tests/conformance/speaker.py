"""A BGP speaker that says what a file and the story tell it to, from a namespace of its own.

It needs no process: a thread enters the network namespace and opens the socket there, and a socket
stays where it was made.
"""

import ctypes
import ipaddress
import os
import select
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.routes import (
    FAMILIES,
    NAMES,
    Terms,
    Told,
    announce,
    end_of_rib,
    read_route,
    read_update,
    withdraw,
)
from tests.support.namespaces import NETNS, Namespace

HOLD, PORT, MARKER = 180, 179, b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH = range(1, 6)
AS_TRANS, ADD_PATH = 23456, 69
NEWNET = 0x40000000
RETRY = 0.1
"""Seconds to the next attempt: a router refuses neighbors that it has not started yet."""
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Script:
    """A `.speaker` file, read."""

    asn: int
    source: str
    target: str
    router_id: str
    hops: tuple[str, str]
    families: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1), (2, 1)])
    addpath: bool = False
    capabilities: list[bytes] = field(default_factory=list)
    """Further ones, each with code and length."""
    says: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, number: int) -> "Script":
        """The file; `number` is that of the peer, which its addresses end with."""
        own = (f"10.0.0.{number}", f"fd00::{number:x}")
        script = cls(0, own[0], "10.0.0.1", own[0], own)
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                script._take(line.strip())
        return script

    def _take(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "as":
                self.asn = int(rest)
            case "from":
                self.source = rest
            case "to":
                self.target = rest
            case "router-id":
                self.router_id = rest
            case "next-hops":
                four, six = rest.split()
                self.hops = four, six
            case "families":
                self.families = [FAMILIES[name] for name in rest.split()]
            case "addpath":
                self.addpath = True
            case "capability":
                self.capabilities.append(bytes.fromhex(rest))
            case _:
                self.says.append(line)


class Speaker:
    """The session; `heard` is what the router told and has not taken back."""

    def __init__(self, namespace: Namespace, script: Script) -> None:
        self.script = script
        self.heard: dict[Told, str] = {}
        self.notified = ""
        self._told: dict[Told, list[str]] = {}
        self.established = False
        self._terms = Terms(script.asn, script.hops)
        self._socket: socket.socket | None = None
        self._namespace = NETNS / namespace.netns
        self._ending = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Send what one line of a script means; ValueError."""
        word, *words = line.split()
        match word:
            case "announce":
                self._send(UPDATE, announce(words, self._terms))
                self._remember(words, announced=True)
            case "withdraw":
                self._send(UPDATE, withdraw(words, self._terms))
                self._remember(words, announced=False)
            case "end-of-rib":
                self._send(UPDATE, end_of_rib(FAMILIES[words[0] if words else "ipv4-unicast"]))
            case "refresh":
                afi, safi = FAMILIES[words[0] if words else "ipv4-unicast"]
                self._send(REFRESH, struct.pack("!HBB", afi, 0, safi))
            case "message":
                self._send(int(words[0]), bytes.fromhex("".join(words[1:])))
            case "close":
                self._shut()
            case _:
                raise ValueError(f"a speaker cannot say {line!r}")

    def _remember(self, words: list[str], *, announced: bool) -> None:
        """What would have to be said again, by family, path id and prefix."""
        route = read_route(words)
        for prefix in route.prefixes:
            told = (route.family, route.path_id, prefix)
            self._told.pop(told, None)
            if announced:
                self._told[told] = [prefix, *words[len(route.prefixes) :]]

    def _repeat(self, family: tuple[int, int]) -> None:
        """Say all routes of a family again, as a refresh asks for (RFC 2918)."""
        for told, words in list(self._told.items()):
            if told[0] == family:
                self._send(UPDATE, announce(words, self._terms))

    def text(self) -> str:
        """What was heard: a line for each route, sorted."""
        with self._lock:
            routes = sorted(self.heard.items(), key=lambda item: (item[0][0], _order(item[0])))
        lines = [_line(told, words) for told, words in routes]
        return "".join([*lines, self.notified])

    def close(self) -> None:
        """End the session and the thread."""
        self._ending = True
        self._shut()
        self._thread.join(5)

    def _shut(self) -> None:
        wire = self._socket
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _send(self, kind: int, body: bytes = b"") -> None:
        wire = self._socket
        if wire is None:
            raise ValueError("the speaker has no session")
        wire.sendall(MARKER + struct.pack("!HB", 19 + len(body), kind) + body)

    def _run(self) -> None:
        with self._namespace.open("rb") as entered:
            if _libc.setns(entered.fileno(), NEWNET):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        while not self._ending:
            with suppress(OSError):
                self._session()
            self.established = False
            if not self._ending:
                time.sleep(RETRY)

    def _session(self) -> None:
        version = socket.AF_INET6 if ":" in self.script.target else socket.AF_INET
        with socket.socket(version, socket.SOCK_STREAM) as wire:
            wire.bind((self.script.source, 0))
            wire.settimeout(2)
            wire.connect((self.script.target, PORT))
            self._socket = wire
            with self._lock:
                self.heard.clear()
            self._send(OPEN, self._opening())
            self._listen(wire)
            self._socket = None

    def _listen(self, wire: socket.socket) -> None:
        data = b""
        wire.settimeout(None)
        while not self._ending:
            select.select([wire], [], [], 1)
            piece = wire.recv(1 << 16)
            if not piece:
                return
            data += piece
            while len(data) >= 19 and len(data) >= (size := struct.unpack("!H", data[16:18])[0]):
                self._take(data[18], data[19:size])
                data = data[size:]

    def _take(self, kind: int, body: bytes) -> None:
        if kind == OPEN:
            self._agree(body)
            self._send(KEEPALIVE)
        elif kind == KEEPALIVE:
            if self.established:
                self._send(KEEPALIVE)
                return
            for line in self.script.says:
                self.say(line)
            self.established = True
        elif kind == UPDATE:
            with self._lock:
                for told, words in read_update(body, self._terms):
                    if words is None:
                        self.heard.pop(told, None)
                    else:
                        self.heard[told] = words
        elif kind == REFRESH:
            afi, _, safi = struct.unpack("!HBB", body[:4])
            self._repeat((afi, safi))
        elif kind == NOTIFICATION:
            self.notified += f"NOTIFICATION {body[0]}/{body[1]} {body[2:].hex()}".rstrip() + "\n"

    def _agree(self, body: bytes) -> None:
        """Additional paths in the ways that the router offers them, for each family."""
        offered = _capabilities(body[10:]).get(ADD_PATH, b"")
        modes = {(afi, safi): mode for afi, safi, mode in struct.iter_unpack("!HBB", offered)}

        def agreed(way: int) -> frozenset[tuple[int, int]]:
            wanted = self.script.families if self.script.addpath else []
            return frozenset(one for one in wanted if modes.get(one, 0) & way)

        self._terms = Terms(self.script.asn, self.script.hops, agreed(1), agreed(2))

    def _opening(self) -> bytes:
        script = self.script
        families = [struct.pack("!BBHBB", 1, 4, afi, 0, safi) for afi, safi in script.families]
        offered = [*families, b"\x02\0", b"\x41\x04" + struct.pack("!I", script.asn)]
        if script.addpath:
            modes = b"".join(struct.pack("!HBB", afi, safi, 3) for afi, safi in script.families)
            offered.append(bytes([ADD_PATH, len(modes)]) + modes)
        parameters = b"".join(
            bytes([2, len(one)]) + one for one in (*offered, *script.capabilities)
        )
        short = script.asn if script.asn < 65536 else AS_TRANS
        router_id = ipaddress.ip_address(script.router_id).packed
        fixed = struct.pack("!BHH", 4, short, HOLD) + router_id
        return fixed + bytes([len(parameters)]) + parameters


def _capabilities(data: bytes) -> dict[int, bytes]:
    """By code, from the parameters of an OPEN."""
    found: dict[int, bytes] = {}
    while len(data) >= 2:
        kind, size = data[:2]
        inside, data = data[2 : 2 + size], data[2 + size :]
        while kind == 2 and len(inside) >= 2:
            code, length = inside[:2]
            found[code] = found.get(code, b"") + inside[2 : 2 + length]
            inside = inside[2 + length :]
    return found


def _order(told: Told) -> tuple[int, int, int]:
    network = ipaddress.ip_network(told[2])
    return int(network.network_address), network.prefixlen, told[1]


def _line(told: Told, words: str) -> str:
    family, path_id, prefix = told
    version = 6 if ":" in prefix else 4
    special = "" if family == (2 if version == 6 else 1, 1) else f" in {NAMES[family]}"
    identified = f" id {path_id}" if path_id else ""
    return f"{prefix}{special}{identified} {words}\n"
