"""What programs read from bgpd's shows: each row is a program, a command, and its own rules.

A rule for JSON is a shape: names with the type that the program expects, `*` for any name; names
that are not in the shape may come and go. A rule for text is a list of regular expressions. Every
answer has to come with status 0: frr_exporter waits for a last byte of zero.
"""

import json
import re
from typing import Any

import pytest

from bgp.bgpd import Bgpd
from grammar.base.values import Address
from grammar.node import ENABLE
from grammar.session import Session
from tests.bgp.network import Network
from tests.bgp.routers import instance, originate, session, start

Shape = dict[str, Any] | list[Any] | type
UP, IDLE = "10.0.0.2", "10.0.0.9"

SUMMARY_PEER = {
    "state": str,
    "remoteAs": int,
    "localAs": int,
    "msgRcvd": int,
    "msgSent": int,
    "peerUptimeMsec": int,
    "pfxRcd": int,
    "pfxSnt": int,
}
SUMMARY = {
    "routerId": str,
    "as": int,
    "ribCount": int,
    "ribMemory": int,
    "peerCount": int,
    "peerMemory": int,
    "peers": {"*": SUMMARY_PEER},
}
STATS = dict.fromkeys(
    (
        "opensSent",
        "opensRecv",
        "notificationsSent",
        "updatesSent",
        "updatesRecv",
        "keepalivesSent",
        "keepalivesRecv",
        "routeRefreshSent",
        "totalSent",
        "totalRecv",
    ),
    int,
)
NEIGHBOR = {
    "remoteAs": int,
    "localAs": int,
    "remoteRouterId": str,
    "localRouterId": str,
    "bgpVersion": int,
    "bgpState": str,
    "addressFamilyInfo": {"*": {"sentPrefixCounter": int, "acceptedPrefixCounter": int}},
    "messageStats": STATS,
}
METALLB = {
    **NEIGHBOR,
    "gracefulRestartInfo": {
        "endOfRibSend": dict,
        "endOfRibRecv": dict,
        "localGrMode": str,
        "remoteGrMode": str,
        "rBit": bool,
        "timers": dict,
    },
    "bgpTimerConfiguredHoldTimeMsecs": int,
    "bgpTimerConfiguredKeepAliveIntervalMsecs": int,
    "connectRetryTimer": int,
    "connectionsDropped": int,
    "bgpTimerHoldTimeMsecs": int,
    "bgpTimerKeepAliveIntervalMsecs": int,
}
SUZIEQ = {
    **NEIGHBOR,
    "neighborCapabilities": {"multiprotocolExtensions": dict, "hostName": {"rcvHostName": str}},
    "lastResetDueTo": str,
    "lastResetTimerMsecs": int,
    "bgpTimerUpEstablishedEpoch": int,
    "connectionsEstablished": int,
    "minBtwnAdvertisementRunsTimerMsecs": int,
    "hostLocal": str,
    "hostForeign": str,
}
TABLE_PATH = {"valid": bool, "peerId": str, "origin": str, "nexthops": [{"ip": str}]}
TABLE = {
    "vrfId": int,
    "vrfName": str,
    "routerId": str,
    "localAS": int,
    "routes": {"*": [TABLE_PATH]},
}
PATH = {
    "valid": bool,
    "origin": str,
    "aspath": {"string": str, "segments": [{"type": str, "list": [int]}], "length": int},
    "lastUpdate": {"epoch": int},
    "bestpath": {"overall": bool, "selectionReason": str},
    "nexthops": [{"ip": str, "afi": str, "metric": int, "accessible": bool, "used": bool}],
    "peer": {"peerId": str, "routerId": str, "type": str},
}
CONTRACTS: list[tuple[str, str, Shape]] = [
    ("frr_exporter", "show bgp vrf all ipv4  summary json", {"*": {"ipv4Unicast": SUMMARY}}),
    ("frr_exporter", "show bgp vrf all ipv6  summary json", {"*": {}}),
    ("frr_exporter", "show bgp vrf all l2vpn evpn  summary json", {"*": {}}),
    (
        "frr_exporter",
        "show bgp vrf all neighbors json",
        {"default": {"vrfId": int, "vrfName": str, UP: {"addressFamilyInfo": dict}}},
    ),
    (
        "frr_exporter",
        f"show bgp ipv4 unicast neighbors {UP} advertised-routes json",
        {"totalPrefixCounter": int, "advertisedRoutes": dict},
    ),
    ("frr_exporter", f"show bgp ipv4 unicast neighbors {UP} routes json", {"routes": dict}),
    ("MetalLB", "show bgp vrf all json", {"default": TABLE}),
    (
        "MetalLB",
        "show bgp vrf default neighbors json",
        {UP: {**NEIGHBOR, "portForeign": int}, IDLE: {"bgpState": str, "messageStats": STATS}},
    ),
    ("MetalLB e2e", f"show bgp neighbor {UP} json", {UP: METALLB}),
    ("MetalLB e2e", "show bgp ipv4 json", TABLE),
    ("MetalLB e2e", "show bgp vrf default ipv6 json", {"vrfId": int, "routes": {}}),
    ("MetalLB e2e", "show bgp ipv4 community 65002:7 json", {"routes": dict}),
    ("MetalLB e2e", "show bgp ipv4 large-community 65002:7:7 json", {"routes": dict}),
    ("Cilium", "show bgp neighbor json", {"*": {"remoteAs": int, "localAs": int, "bgpState": str}}),
    ("suzieq", "show bgp vrf all neighbors json", {"default": {UP: SUZIEQ}}),
    ("SONiC", "show bgp summary json", {"ipv4Unicast": {"peers": {"*": SUMMARY_PEER}}}),
    ("SONiC", "show bgp vrfs json", {"vrfs": {"default": dict}}),
    ("netlab", "show bgp ipv4 summary established json", {"ipv4Unicast": {"peers": {UP: dict}}}),
    ("netlab", "show bgp ipv4 unicast summary established json", {"peers": {UP: dict}}),
    ("netlab", "show bgp ipv6 summary established json", {}),
    ("netlab", "show bgp l2vpn evpn summary json", {}),
    ("netlab", "show bgp evpn summary json", {}),
    ("netlab", "show bgp ipv4 vpn summary json", {}),
    ("netlab", "show bgp ipv4 172.20.0.0/24 json", {"prefix": str, "paths": [PATH]}),
    ("hyperglass", "show bgp ipv4 unicast 172.20.0.0/24 json", {"paths": [PATH]}),
    ("VyOS", "show bgp ipv4 unicast 172.20.0.0/16 longer-prefixes json", {"routes": dict}),
    ("VyOS", "show bgp ipv4 unicast 172.20.0.0/24 bestpath json", {"paths": [PATH]}),
    (
        "topotests",
        f"show bgp ipv4 neighbor {UP} graceful-restart json",
        {UP: {"neighborAddr": str, "localGrMode": str, "timers": dict}},
    ),
    ("openperouter", "show bgp l2vpn evpn json", {"numPrefix": int, "totalPrefix": int}),
]
TEXTS: list[tuple[str, str, list[str]]] = [
    ("sonic-mgmt", "show ip bgp summary", [r"local AS number (\d+)"]),
    (
        "sonic-mgmt",
        f"show ip bgp neighbor {UP}",
        [
            r"BGP neighbor is (\*?\S+), remote AS (\d+), local AS (\d+)",
            r"remote router ID (\d+\.\d+\.\d+\.\d+)",
            r"BGP state = (\w+)",
            r"Opens: +(\d+) +(\d+)",
            r"Minimum time between advertisement runs is (\d+)",
            r"(\d+) accepted",
            r"Connections established (\d+); dropped (\d+)",
        ],
    ),
    ("GoBGP's scenarios", f"show bgp neighbors {UP}", [r"BGP state = Established"]),
    ("MetalLB", "show bgp vrf all neighbor", [r"^\nInstance default:\nBGP neighbor is "]),
    ("MetalLB", "show bgp community-info", [r"^Address Refcnt Community\n"]),
    ("hyperglass", "show bgp ipv4 unicast regexp _65002$", [r"\*> 172\.20\.0\.0/24 "]),
    ("VyOS", "show bgp summary", [r"(?m)^10\.0\.0\.2 +4 "]),
]


@pytest.fixture(scope="module")
def router() -> Bgpd:
    """A router with one neighbor that announces a network, and one that never comes."""
    network = Network()
    ours, other = network.router("10.0.0.1", 65001), network.router(UP, 65002)
    session(ours, other)
    originate(other, "172.20.0.0/24")
    start(network, [ours, other])
    typed = Session(ours, ENABLE)
    for line in ("configure terminal", "router bgp 65001", f"neighbor {IDLE} remote-as 65009"):
        typed.execute(line)
    network.advance(2)
    assert instance(ours).peers[Address.parse(UP)].main.state.value == "Established"
    return ours


def _answer(router: Bgpd, command: str) -> str:
    reply = Session(router, ENABLE).execute(command)
    text = "".join(reply.output)
    assert int(reply.status) == 0, text
    return text


@pytest.mark.parametrize(("program", "command", "shape"), CONTRACTS)
def test_json_has_what_the_program_reads(
    router: Bgpd, program: str, command: str, shape: Shape
) -> None:
    assert not list(_breaches(json.loads(_answer(router, command)), shape, program))


def _breaches(value: object, shape: Shape, where: str) -> list[str]:
    if isinstance(shape, type):
        fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
        return [] if fits else [f"{where} is {value!r}"]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{where} is no list with entries: {value!r}"]
        return [text for item in value for text in _breaches(item, shape[0], f"{where}[]")]
    if not isinstance(value, dict):
        return [f"{where} is no object: {value!r}"]
    found = []
    for name, inner in shape.items():
        if name == "*":
            found += [t for key, item in value.items() for t in _breaches(item, inner, key)]
        elif name not in value:
            found.append(f"{where}.{name} is missing")
        else:
            found += _breaches(value[name], inner, f"{where}.{name}")
    return found


@pytest.mark.parametrize(("program", "command", "patterns"), TEXTS)
def test_text_matches_what_the_program_looks_for(
    router: Bgpd, program: str, command: str, patterns: list[str]
) -> None:
    text = _answer(router, command)
    missing = [pattern for pattern in patterns if re.search(pattern, text) is None]
    assert not missing, f"{program}: {text}"


def test_frr_k8s_takes_every_key_of_an_instance_for_a_neighbor(router: Bgpd) -> None:
    """MetalLB and frr-k8s parse them as addresses: no vrfId among them here."""
    shown = json.loads(_answer(router, "show bgp vrf default neighbors json"))
    assert {str(Address.parse(name)) for name in shown} == {UP, IDLE}


def test_openperouter_sees_that_a_neighbor_is_unknown(router: Bgpd) -> None:
    reply = Session(router, ENABLE).execute("show bgp neighbor 192.0.2.9 json")
    assert json.loads("".join(reply.output)) == {"bgpNoSuchNeighbor": True}


def test_an_unknown_instance_is_an_empty_object(router: Bgpd) -> None:
    reply = Session(router, ENABLE).execute("show bgp vrf red neighbors json")
    assert json.loads("".join(reply.output)) == {}
