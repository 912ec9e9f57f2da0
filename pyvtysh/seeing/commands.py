"""`show bgp graph [PREFIX]`."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grammar.base.errors import CommandError, Status
from grammar.call import Call
from grammar.command import action
from grammar.declared import Language
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from pyvtysh.link import Running, mapped
from pyvtysh.seeing.graph import Hop, hops, tree

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh

TOP = Scope((VIEW, ENABLE))
_HERE = "this router"


@action(
    TOP,
    "show [ip] bgp [<ipv4|ipv6>$afi [unicast]] graph"
    " [<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$prefix]",
    "Show",
    "IPv4",
    "BGP",
    "A family (IPv4)",
    "A family",
    "Unicast",
    "The AS paths as a tree",
    "Those to a prefix",
)
def _graph(call: Call) -> Running:
    vtysh: Vtysh = call.daemon
    prefix = call.values.get("prefix")
    family = str(call.values.get("afi") or ("ipv6" if ":" in str(prefix or "") else "ipv4"))
    if prefix is not None:
        root, name = _of_prefix(vtysh, family, str(prefix))
    else:
        root, name = _of_table(vtysh, family)
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    yield from tree(root, name, counted=prefix is None, drawn=unicode)
    return Status.SUCCESS


def _asked(vtysh: "Vtysh", line: str) -> Iterator[str]:
    """The answer to a line as it comes; CommandError with it if the daemon refuses it."""
    texts: list[str] = []

    def noted(text: str) -> str:
        if sum(map(len, texts)) < 4096:
            texts.append(text)
        return text

    status = yield from mapped(vtysh.execute_plain(line, line), noted)
    if status not in (Status.SUCCESS, Status.SUCCESS_DAEMON):
        raise CommandError("".join(texts).rstrip("\n"), Status.WARNING)


def _of_prefix(vtysh: "Vtysh", family: str, prefix: str) -> tuple[Hop, str]:
    text = "".join(_asked(vtysh, f"show bgp {family} unicast {prefix} json"))
    try:
        found = json.loads(text)
    except ValueError:
        raise CommandError(text.rstrip("\n") or "% No answer", Status.WARNING) from None
    if not found.get("paths"):
        raise CommandError("% Network not in table", Status.WARNING)
    root = Hop()
    for path in found["paths"]:
        best = bool(path.get("bestpath", {}).get("overall"))
        root.add(hops(path["aspath"]["string"].replace("Local", "")), best=best, end=_end(path))
    return root, f"{found.get('prefix', prefix)} from {_HERE}"


def _end(path: dict[str, Any]) -> str:
    """What is said of one path: its mark and who it is from."""
    mark = "best" if path.get("bestpath", {}).get("overall") else ""
    if not mark:
        mark = "valid" if path.get("valid") else "not valid"
    peer = path.get("peer", {})
    source = peer.get("peerId", "")
    here = path.get("sourced") or path.get("local") or source in ("", "0.0.0.0", "::", "(unspec)")
    return mark if here else f"{mark}, from {source}"


def _of_table(vtysh: "Vtysh", family: str) -> tuple[Hop, str]:
    root = Hop()
    for best, path in _paths(_asked(vtysh, f"show bgp {family} unicast")):
        root.add(hops(path), best=best)
    if not root.paths:
        raise CommandError(f"% No paths in the {family} unicast table", Status.WARNING)
    return root, _HERE


def _paths(pieces: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Each path of a table: whether it is chosen, and its ASes.

    They are found by the place of their title, below which the last line of each row has them.
    """
    from pyvtysh.pipes.text import lines_of

    place = 0
    codes = ""
    for line in lines_of(pieces):
        if line.startswith("   Network "):
            place = line.index("Path")
        elif not line.strip():
            place = 0
        elif place:
            if line[:3].strip():
                codes = line[:3]
            if len(line) > place + 1:
                yield ">" in codes, line[place:].strip()[:-1]


LANGUAGE = Language("vtysh", "VTYSH", [TOP])
"""See `pyvtysh.beyond`."""
