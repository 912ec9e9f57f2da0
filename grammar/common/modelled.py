"""The part of the configuration that FRR keeps in YANG models: lists, interfaces, route-maps and
static routes. `show` prints it in every config node, `show configuration running` in the others."""

from collections.abc import Iterator
from typing import Any

from grammar.command import Call, Reply, action
from grammar.common.config import VERSION
from grammar.filters.routemap import MapEntry
from grammar.node import INTERFACE, Node
from grammar.scope import Scope

_LISTS = ("access-list ", "mac access-list ", "ip prefix-list ")
_LISTS_OF_IPV6 = ("ipv6 access-list ", "ipv6 prefix-list ")
_ROUTES = ("ip route ", "ipv6 route ")
_MAP = "route-map "


def show_here(nodes: tuple[Node, ...]) -> Scope:
    """The scope of `show` in these nodes."""
    scope = Scope(nodes)

    @action(scope, "show", "What of the configuration is kept in models", own=True)
    def here(call: Call) -> Reply:
        target = call.session.node_object
        if isinstance(target, MapEntry):
            return Reply(f"{line}\n" for line in (*_maps(call, target), "!"))
        if call.session.node is INTERFACE:
            return Reply(f"{line}\n" for line in (*_interfaces(call, target), "!"))
        return Reply(configuration(call))

    return scope


def configuration(call: Call) -> Iterator[str]:
    """All of it, in the frame FRR gives it."""
    yield f"Configuration:\n!\nfrr version {VERSION}\n"
    yield f"frr defaults {call.daemon.common.profile}\n"
    for line in (*_lists(call), *_interfaces(call), *_maps(call), "!", "end"):
        yield f"{line}\n"


def _lists(call: Call) -> Iterator[str]:
    for line in call.session.config_lines():
        if line.startswith((*_LISTS, *_LISTS_OF_IPV6, *_ROUTES)):
            yield line


def _interfaces(call: Call, only: object = None) -> Iterator[str]:
    """Those that were typed; each behind a mark."""
    known: dict[str, Any] = getattr(getattr(call.daemon, "config", None), "interfaces", {})
    for name, interface in known.items():
        if only is interface or (only is None and interface.opened):
            yield "!"
            yield f"interface {name}"
            if interface.description is not None:
                yield f" description {interface.description}"
            yield "exit"


def _maps(call: Call, only: MapEntry | None = None) -> Iterator[str]:
    """The entries of route-maps; each ahead of a mark."""
    inside = False
    for line in call.session.config_lines():
        if line.startswith(_MAP):
            _, name, _, number, *_ = line.split()
            inside = only is None or (name, number) == (only.name, str(only.sequence))
        elif not line.startswith((" ", "exit")):
            inside = False
        if inside:
            yield line
            if line == "exit":
                yield "!"
