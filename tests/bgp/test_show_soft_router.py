"""The guide's router in memory: every show command of its transcripts, byte for byte.

Two bgpds on a fake clock, without zebra, one configured as the guide has it and one that announces
the two addresses; the absent neighbor stays absent. What only a machine can give (addresses of
interfaces, sockets) is masked, and so are times.
"""

import re
from pathlib import Path

import pytest

from bgp.bgpd import Bgpd
from grammar.base.log import MemoryLog
from grammar.base.values import Address
from grammar.node import ENABLE
from grammar.session import Session
from tests.bgp.network import MemoryTransport, Network
from tests.support.golden import Transcript, assert_same

GOLDEN = Path(__file__).parent.parent / "golden"
ROUTER = """\
configure terminal
router bgp 65001
bgp router-id 192.168.122.1
neighbor 192.168.122.101 remote-as 64512
neighbor 192.168.122.102 remote-as 64512
no bgp ebgp-requires-policy
""".splitlines()
NODE = """\
configure terminal
router bgp 64512
bgp router-id 192.168.122.102
no bgp ebgp-requires-policy
neighbor 192.168.122.1 remote-as 65001
network 172.19.0.0/32
network 172.19.0.100/32
""".splitlines()

MACHINE = re.compile(
    r"^(?:Nexthop (?:global|local): .*"
    r"|BGP connection: .*"
    r'|    "nexthop(?:Global|Local)":.*'
    r'|    "bgpConnection":.*'
    r"|  if .*"
    r"|  Last update: .*)\n",
    re.MULTILINE,
)
"""Lines about interfaces, which there are none of here."""
COLLISION = re.compile(r'^(    Notifications: |      "notificationsSent":).*\n', re.MULTILINE)
"""Counted by us when one of two connections is closed, and by FRR on the other one."""
COUNTS = re.compile(r"(?<= 65001)  +\d+  +\d+(?=  )")


def _bgpd(network: Network, address: str, hostname: str, lines: list[str]) -> Bgpd:
    here = Address.parse(address)
    transport = network.transports[here] = MemoryTransport(network, here)
    bgpd = Bgpd(network.scheduler, network.scheduler.clock, MemoryLog(), transport, hostname)
    bgpd.no_zebra = True
    session = Session(bgpd, ENABLE)
    for line in lines:
        reply = session.execute(line)
        assert (reply.status, "".join(reply.output)) == (0, ""), line
    return bgpd


@pytest.fixture(scope="module")
def router() -> Bgpd:
    network = Network()
    router = _bgpd(network, "192.168.122.1", "router", ROUTER)
    node = _bgpd(network, "192.168.122.102", "n102", NODE)
    router.start()
    node.start()
    network.advance(14)
    return router


def _transcripts() -> list[object]:
    found = []
    for folder in ("soft-router", "show-bgp"):
        for path in sorted((GOLDEN / folder).glob("*.txt")):
            one = Transcript.read(path)
            commands = one.vtysh_commands
            if len(commands) == 1 and re.match(r"show (ip )?bgp", commands[0]):
                found.append(pytest.param(one, id=one.name))
    return found


def _machine_free(text: str) -> str:
    return COUNTS.sub(" N N", COLLISION.sub("", MACHINE.sub("", text)))


@pytest.mark.parametrize("golden", _transcripts())
def test_every_answer_is_that_of_frr(router: Bgpd, golden: Transcript) -> None:
    (command,) = golden.vtysh_commands
    reply = Session(router, ENABLE).execute(command)
    actual = _machine_free("".join(reply.output))
    expected = _machine_free(re.sub(r"\[exit 0\]\n\Z", "", golden.text))
    assert_same(actual, expected, command, names=("frr", "ours"))
