"""CAPABILITY messages: families that come and go within a session."""

import pytest

from bgp.config import IPV4_UNICAST, IPV6_UNICAST
from bgp.effects import Effect
from bgp.fsm import State
from bgp.wire.dynamic import Action, read, told
from bgp.wire.errors import Malformed
from bgp.wire.message import HEADER_SIZE
from grammar.base.values import Address
from tests.bgp.network import Network, react
from tests.bgp.routers import line_of, originate, peer, routes, start


def test_what_is_written_is_read() -> None:
    message = told(Action.UNSET, IPV6_UNICAST)
    assert message[HEADER_SIZE - 1 :].hex() == "06010104" + "00020001"
    assert list(read(message[HEADER_SIZE:] * 2)) == [(Action.UNSET, (2, 1))] * 2


@pytest.mark.parametrize("body", ["00", "000104000100", "020104" + "00010001", "0001"])
def test_what_cannot_be_read(body: str) -> None:
    with pytest.raises(Malformed):
        list(read(bytes.fromhex(body)))


def test_other_capabilities_are_passed_over() -> None:
    assert list(read(bytes.fromhex("000200" + "000104" + "00010001"))) == [(Action.SET, (1, 1))]


def _activate(network: Network, one: object, name: str, on: bool) -> None:
    lines = one.config.instances[None].peers[Address.parse(name)]  # type: ignore[attr-defined]
    lines.family(IPV6_UNICAST).activate = on
    react(one, Effect.ACTIVATE, lines)  # type: ignore[arg-type]
    network.advance(0)


@pytest.mark.parametrize("dynamic", [True, False])
def test_a_family_comes_and_goes(dynamic: bool) -> None:
    network, (a, b) = line_of(65001, 65002)
    for one, name in ((a, "10.0.0.2"), (b, "10.0.0.1")):
        one.config.instances[None].peers[Address.parse(name)].capability_dynamic = dynamic or None
    originate(a, "172.19.0.0/32")
    originate(a, "2001:db8::/48", family=IPV6_UNICAST)
    start(network, [a, b])
    _activate(network, a, "10.0.0.2", on=True)
    _activate(network, b, "10.0.0.1", on=True)
    other = peer(b, "10.0.0.1")
    if not dynamic:
        assert other.main.state is not State.ESTABLISHED
        return
    assert (other.main.state, other.state.dropped) == (State.ESTABLISHED, 0)
    assert IPV6_UNICAST in other.negotiated.families  # type: ignore[union-attr]
    assert other.families[IPV6_UNICAST].active
    _activate(network, a, "10.0.0.2", on=False)
    assert not other.families[IPV6_UNICAST].active
    assert set(routes(b)) == {"172.19.0.0/32"}
    assert other.families[IPV4_UNICAST].active
