"""Graceful restart of clients: what stays when one goes, and what goes when it is back."""

from grammar.base.values import Address, Afi, Prefix
from tests.zebra.stack import Stack, TestClient, address, ethernet
from zebra.zapi.constants import ClientCapability, RouteType
from zebra.zapi.messages import ClientCapabilities, ClientCloseNotify, Nexthop, Route, RouteAdd


def lan() -> Stack:
    return Stack([ethernet(2, "e1")], [address(2, "10.0.1.1/24")], static=False)


def bgp(prefix: str) -> RouteAdd:
    hops = (Nexthop.via(Address.parse("10.0.1.2")),)
    return RouteAdd(Route(RouteType.BGP, Prefix.parse(prefix), hops, 20))


def told(kind: ClientCapability, seconds: int = 0) -> ClientCapabilities:
    return ClientCapabilities(kind, stale_time=seconds, afi=Afi.IPV4, safi=1)


GRACEFUL = told(ClientCapability.GRACEFUL_RESTART, 40)
PENDING = told(ClientCapability.UPDATES_PENDING)
COMPLETE = told(ClientCapability.UPDATES_COMPLETE)


def known(stack: Stack) -> set[str]:
    return {line.split()[1] for line in stack.routes() if line.startswith("B")}


def after(stack: Stack, seconds: float) -> None:
    stack.scheduler.advance(seconds)
    stack.settle()


def left(stack: Stack, *messages: ClientCapabilities) -> TestClient:
    """A client with two routes that said these things and went."""
    client = stack.client()
    client.send(*messages, bgp("10.8.0.0/16"), bgp("10.9.0.0/16"))
    client.link.close()
    stack.settle()
    return client


def test_routes_stay_for_the_stale_time_when_the_client_does_not_come_back() -> None:
    stack = lan()
    left(stack, GRACEFUL)
    after(stack, 39)
    assert known(stack) == {"10.8.0.0/16", "10.9.0.0/16"}
    after(stack, 2)
    assert known(stack) == set()
    # The client's wish is forgotten with its routes.
    left(stack)
    assert known(stack) == set()


def test_what_was_not_sent_again_goes_when_updates_are_complete() -> None:
    stack = lan()
    left(stack, GRACEFUL)
    after(stack, 5)
    client = stack.client()
    client.send(GRACEFUL, PENDING, bgp("10.9.0.0/16"))
    assert known(stack) == {"10.8.0.0/16", "10.9.0.0/16"}
    text = stack.show("show zebra client")
    assert (
        "Errors: 0\n\nStale Client Information\n------------------------\nVRF : default\n" in text
    )
    assert "Last restart time : 00:00:05 ago\nStalepath removal time: 40 sec\n" in text
    assert "Stale delete timer: 35 sec\nCurrent AFI : 1\n\n" in text
    client.send(COMPLETE)
    assert known(stack) == {"10.9.0.0/16"}
    assert "Stale delete timer" not in stack.show("show zebra client")
    after(stack, 60)
    assert known(stack) == {"10.9.0.0/16"}


def test_the_stale_time_ends_for_a_client_that_is_back_as_well() -> None:
    stack = lan()
    left(stack, GRACEFUL)
    after(stack, 1)
    stack.client().send(GRACEFUL, PENDING, bgp("10.9.0.0/16"))
    after(stack, 41)
    assert known(stack) == {"10.9.0.0/16"}


def test_a_client_may_take_its_wish_back_or_change_the_time() -> None:
    stack = lan()
    left(stack, GRACEFUL, told(ClientCapability.NO_GRACEFUL_RESTART))
    assert known(stack) == set()
    left(stack, GRACEFUL, told(ClientCapability.STALE_TIME, 3))
    after(stack, 4)
    assert known(stack) == set()


def test_other_clients_hear_that_one_went() -> None:
    stack = lan()
    other = stack.client(RouteType.OSPF)
    left(stack)
    assert other.heard == [ClientCloseNotify(RouteType.BGP)]
