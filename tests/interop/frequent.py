"""The lines that public configurations and scripts contain most, and what FRR answers to them.

`tests/golden/frequent/lines.txt` has the lines, with values for their variables; `taken-8.4.4.txt`
says by node, daemon and line what the real daemons answered, in the order in which they were
typed, each line in a node entered afresh. Lines that no daemon knows in any node are under
`[unknown]`; what a node only passes on to the config node is not asked again. Of shows the statuses
are kept, and complaints.

    python -m tests.interop.frequent        record from the real FRR (root, a namespace)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.router import DAEMONS
from tests.support.vty import Vty

GOLDEN = Path(__file__).parent.parent / "golden" / "frequent"
TAKEN = GOLDEN / "taken-8.4.4.txt"
UNKNOWN = 2
OWN = ("config", "vrf")
"""Nodes whose lines are asked for even if the config node has the same."""
SHORT = 120
"""Characters; what shows answer at length is other tests' affair."""

BASE = """\
route-map RM permit 10
ip prefix-list NAME seq 5 permit any
ipv6 prefix-list NAME seq 5 permit any
bgp as-path access-list NAME permit _65002_
bgp community-list standard NAME permit 65001:3
bgp large-community-list standard NAME permit 65001:1:2
router bgp 65001
bgp router-id 10.0.0.1
no bgp ebgp-requires-policy
neighbor 10.0.0.9 remote-as 65002
neighbor 10.0.0.9 passive
address-family ipv4 unicast
network 10.9.0.0/16
end
"""
_BGP = "router bgp 65001"
NODES: Mapping[str, tuple[str, ...]] = {
    "config": (),
    "interface": ("interface eth0",),
    "vrf": ("vrf red",),
    "route-map": ("route-map RM permit 10",),
    "line vty": ("line vty",),
    "router bgp": (_BGP,),
    "router bgp vrf": (f"{_BGP} vrf red",),
    **{
        family: (_BGP, f"address-family {family}")
        for family in (
            *("ipv4 unicast", "ipv6 unicast", "ipv4 labeled-unicast", "ipv4 multicast"),
            *("ipv4 vpn", "ipv4 flowspec", "l2vpn evpn"),
        )
    },
    "vni": (_BGP, "address-family l2vpn evpn", "vni 10"),
    "segment-routing": ("segment-routing", "srv6"),
    "locators": ("segment-routing", "srv6", "locators"),
    "router bgp srv6": (_BGP, "segment-routing srv6"),
    "vnc": (_BGP, "vnc defaults"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a daemon answers to a line in a node (`show`: in the enable node)."""

    node: str
    daemon: str
    line: str
    status: int
    text: str


def lines(kind: str) -> list[str]:
    """The lines of `config` or of `show`."""
    found = (GOLDEN / "lines.txt").read_text().splitlines()
    shows = [line for line in found if line.startswith("show ")]
    return shows if kind == "show" else [line for line in found if line not in set(shows)]


class Asked:
    """The daemons of a router, in the state in which the lines are typed."""

    def __init__(self, folder: Path) -> None:
        self._vtys = {daemon: Vty(folder, daemon) for daemon in DAEMONS}
        for vty in self._vtys.values():
            vty.ask("configure terminal")
            for line in BASE.splitlines():
                vty.ask(line)

    def close(self) -> None:
        for vty in self._vtys.values():
            vty.socket.close()

    def show(self, daemon: str, line: str) -> Answer:
        """A show; of texts only short complaints are kept."""
        text, status = self._vtys[daemon].ask(line)
        is_complaint = status not in (0, UNKNOWN) and len(text) < SHORT
        return Answer("show", daemon, line, status, text if is_complaint else "")

    def typed(self, node: str, daemon: str, line: str) -> Answer | None:
        """A line of configuration; None if the daemon has no such node."""
        vty = self._vtys[daemon]
        vty.ask("end")
        vty.ask("configure terminal")
        if any(vty.ask(opener)[1] for opener in NODES[node]):
            return None
        text, status = vty.ask(line)
        return Answer(node, daemon, line, status, text)


def record() -> None:
    """Ask the real FRR, and write down what it answers."""
    with Lab() as lab:
        namespace = lab.namespace("frequent")
        other = lab.namespace("other")
        lab.link(namespace, "eth0", other, "eth0")
        namespace.ip("addr", "add", "10.0.0.1/24", "dev", "eth0")
        router = FrrRouter(namespace, {f"{daemon}.conf": "" for daemon in DAEMONS})
        router.start()
        asked = Asked(router.run)
        shows = [asked.show(daemon, line) for line in lines("show") for daemon in DAEMONS]
        typed = [
            answer
            for node in NODES
            for line in lines("config")
            for daemon in DAEMONS
            if (answer := asked.typed(node, daemon, line)) is not None
        ]
        asked.close()
    TAKEN.write_text("".join(_written([*shows, *_worth_asking(typed)])))


def _worth_asking(typed: list[Answer]) -> Iterator[Answer]:
    everywhere = {(a.daemon, a.line) for a in typed if a.node == "config" and a.status != UNKNOWN}
    known = {answer.line for answer in typed if answer.status != UNKNOWN}
    for answer in typed:
        if answer.status == UNKNOWN:
            continue
        if answer.node in OWN or (answer.daemon, answer.line) not in everywhere:
            yield answer
    for line in lines("config"):
        if line not in known:
            yield Answer("unknown", "bgpd", line, UNKNOWN, "")


def _written(answers: list[Answer]) -> Iterator[str]:
    node = None
    for answer in answers:
        if answer.node != node:
            node = answer.node
            yield f"[{node}]\n"
        yield f"{answer.daemon} {answer.status} {answer.line}\n"
        if answer.status != UNKNOWN:
            yield from (f"\t{line}\n" for line in answer.text.splitlines())


def recorded() -> list[Answer]:
    """The answers of the real FRR."""
    found: list[Answer] = []
    node = ""
    for line in TAKEN.read_text().split("\n")[:-1]:
        if line.startswith("["):
            node = line[1:-1]
        elif line.startswith("\t"):
            last = found.pop()
            text = f"{last.text}{line[1:]}\n"
            found.append(Answer(node, last.daemon, last.line, last.status, text))
        else:
            daemon, status, words = line.split(" ", 2)
            found.append(Answer(node, daemon, words, int(status), ""))
    return found


if __name__ == "__main__":
    record()
