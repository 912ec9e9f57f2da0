"""Renderers against transcripts of the real bgpd, with views made by hand or from its JSON.

What the JSON of a transcript says fills a view; the view must then print that JSON again, and the
text of the same moment.
"""

import json as jsonlib
import re
from pathlib import Path
from typing import Any

import pytest

from bgp.show.render import render
from bgp.show.views import misc
from bgp.show.views.route import AsSegment, RoutePath, RouteView
from bgp.show.views.summary import FamilySummary, PeerLine, SummaryView
from bgp.show.views.table import (
    AdjacencyView,
    Columns,
    NamedTable,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TablesView,
    TableView,
)
from tests.support.golden import assert_same

FOLDER = Path(__file__).parent.parent / "golden" / "show-views"


def _text(name: str) -> str:
    text = (FOLDER / f"{name}.txt").read_text().partition("\n")[2]
    return re.sub(r"\[exit 0\]\n\Z", "", text)


def _shown(view: object, *, as_json: bool = False) -> str:
    return "".join(render(view, as_json))


def _same(view: object, name: str, *, as_json: bool = False) -> None:
    assert_same(_shown(view, as_json=as_json), _text(name), name, names=("frr", "ours"))


# Summaries


AGES = re.compile(r'\d\d:\d\d:\d\d|"peerUptimeMsec":\d+|"peerUptimeEstablishedEpoch":\d+')
RESETS = {
    "10.0.0.4": "Notification sent (Cease/Maximum Number of Prefixes Reached)",
    "2001:db8::2": "Notification sent (OPEN Message Error/Unsupported Capability)",
}


def _peer(name: str, line: dict[str, Any], failed: dict[str, Any]) -> PeerLine:
    down = failed.get(name, {})
    code = down.get("lastErrorCodeSubcode")
    error = None
    if code is not None:
        hard = down["lastNotificationHardReset"]
        error = (int(code[:2], 16), int(code[2:], 16), down["lastNotificationReason"], hard)
    mark = line["state"] if "(" in line["state"] else None
    established = line["state"] == "Established"
    return PeerLine(
        name,
        line["remoteAs"],
        line["localAs"],
        line["msgRcvd"],
        line["msgSent"],
        None if line["peerUptime"] == "never" else line["peerUptimeMsec"] // 1000,
        "Idle" if mark else line["state"],
        accepted=line["pfxRcd"],
        announced=line["pfxSnt"],
        established_epoch=line.get("peerUptimeEstablishedEpoch"),
        hostname=line.get("hostname"),
        description=line.get("desc"),
        mark=mark,
        policy_in=established and name == "10.0.0.2",
        policy_out=established,
        peer_state=line["peerState"],
        connections=line["connectionsEstablished"],
        dropped=line["connectionsDropped"],
        id_type=line["idType"],
        reset_text=RESETS.get(name, down.get("lastResetDueTo", "")),
        reset_due=down.get("lastResetDueTo", ""),
        reset_code=down.get("lastResetCode", 0),
        error=error,
    )


NAMES = ("IPv4 Unicast", "ipv4Unicast", "VRF default", "default")


def _states() -> FamilySummary:
    said = jsonlib.loads(_text("states-summary-json"))["ipv4Unicast"]
    failed = jsonlib.loads(_text("states-summary-failed-json"))["ipv4Unicast"]["peers"]
    return FamilySummary(
        *NAMES[:3],
        said["vrfName"],
        said["vrfId"],
        said["routerId"],
        said["as"],
        said["tableVersion"],
        said["ribCount"],
        said["peerCount"],
        tuple(_peer(name, line, failed) for name, line in said["peers"].items()),
        said["totalPeers"],
    )


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("only", [None, "failed"], ids=["all", "failed"])
def test_a_summary_of_every_state(only: str | None, as_json: bool) -> None:
    view = SummaryView((_states(),), only=only)
    name = "states-summary" + ("-failed" if only else "") + ("-json" if as_json else "")
    # The transcripts were taken within seconds of each other.
    ours, theirs = _shown(view, as_json=as_json), _text(name)
    assert_same(AGES.sub("<age>", ours), AGES.sub("<age>", theirs), name, names=("frr", "ours"))


def test_a_wide_summary_has_longer_descriptions() -> None:
    ours = _shown(SummaryView((_states(),), wide=True))
    assert AGES.sub("", ours) == AGES.sub("", _text("states-summary-wide"))


def test_a_word_that_does_not_fit_is_left_out() -> None:
    line = PeerLine("10.0.0.1", 1, 2, 0, 0, None, "Idle", description="x" * 20)
    family = FamilySummary(*NAMES, 0, "", 2, 0, 0, 1, (line,), 1)
    assert "Idle        0 \n" in _shown(SummaryView((family,)))


def test_no_neighbors_and_none_that_match() -> None:
    assert _shown(SummaryView(())) == "% No BGP neighbors found in VRF default\n"
    assert _shown(SummaryView(()), as_json=True) == "{\n}\n"
    assert _shown(SummaryView((), single=True), as_json=True) == "{}\n"
    family = FamilySummary(*NAMES, 0, "", 2, 0, 0, 1, (), 1)
    assert _shown(SummaryView((family,), only="established")).endswith(
        "\n\n% No matching neighbor\n"
    )


# Tables


def _head(said: dict[str, Any]) -> TableHead:
    return TableHead(
        said["vrfId"],
        said["vrfName"],
        said["tableVersion"],
        said["routerId"],
        said["defaultLocPrf"],
        said["localAS"],
    )


def _row_path(said: dict[str, Any]) -> RowPath:
    columns = Columns(
        tuple(
            NextHopText(hop["ip"], hop.get("hostname"), hop.get("scope"), hop.get("used", False))
            for hop in said["nexthops"]
        ),
        said.get("metric"),
        said.get("locPrf"),
        said["weight"],
        said["path"],
        {"IGP": "i", "EGP": "e", "incomplete": "?"}[said["origin"]],
        internal=said["pathFrom"] == "internal",
        peer=said["peerId"],
    )
    return RowPath(
        columns,
        valid=said.get("valid", False),
        best=said.get("bestpath", False),
        multipath=said.get("multipath", False),
        reason=said.get("selectionReason", ""),
        suppressed=said.get("suppressed", False),
    )


def _table(name: str, *, wide: bool = False) -> TableView:
    return _table_of(jsonlib.loads(_text(name)), wide=wide)


def _table_of(said: dict[str, Any], *, wide: bool = False) -> TableView:
    rows = [
        Row(prefix, paths[0]["version"], tuple(map(_row_path, paths)))
        for prefix, paths in said["routes"].items()
    ]
    return TableView(_head(said), rows, wide)


@pytest.mark.parametrize("name", ["features-table", "features-ipv6"])
def test_a_table_with_every_kind_of_row(name: str) -> None:
    _same(_table(f"{name}-json"), name)
    _same(_table(f"{name}-json"), f"{name}-json", as_json=True)


def test_a_wide_table() -> None:
    _same(_table("features-table-json", wide=True), "features-wide")


@pytest.mark.parametrize("by_family", [True, False], ids=["families", "instances"])
def test_several_tables(by_family: bool) -> None:
    name = "features-all" if by_family else "features-vrf-all"
    titles = {
        "ipv4Unicast": "For address family: IPv4 Unicast",
        "ipv6Unicast": "For address family: IPv6 Unicast",
        "default": "Instance default",
    }
    said = jsonlib.loads(_text(f"{name}-json"))
    tables = tuple(NamedTable(titles[key], key, _table_of(value)) for key, value in said.items())
    _same(TablesView(tables, by_family), name)
    _same(TablesView(tables, by_family), f"{name}-json", as_json=True)


HEAD = TableHead(0, "default", 3, "10.0.0.1", 100, 65001)
OWN = Columns((NextHopText("0.0.0.0"),), None, None, 32768, "", "i")


def test_an_empty_table_tells_what_it_looked_at() -> None:
    assert _shown(TableView(HEAD, ())) == "No BGP prefixes displayed, 0 exist\n"
    assert _shown(TableView(HEAD, (), total=lambda: 7)) == ""


def test_marks_of_paths_that_go() -> None:
    rows = [
        Row("10.0.0.0/8", 1, (RowPath(OWN, best=True, removed=True),)),
        Row("11.0.0.0/8", 1, (RowPath(OWN, best=True, stale=True),)),
    ]
    text = _shown(TableView(HEAD, rows))
    assert "\nR> 10.0.0.0/8" in text
    assert "\nS> 11.0.0.0/8" in text


def test_filtered_prefixes_are_told() -> None:
    row = Row("10.0.0.0/8", 0, (RowPath(OWN, best=True),))
    text = _shown(AdjacencyView(HEAD, "receivedRoutes", [row], filtered=lambda: 1))
    assert text.endswith("\nTotal number of prefixes 1 (1 filtered)\n")


# One prefix


def _path(said: dict[str, Any]) -> RoutePath:
    hops = said["nexthops"]
    peer = said["peer"]
    text = said["aspath"]["string"]
    return RoutePath(
        nexthops=tuple(
            NextHopText(hop["ip"], hop.get("hostname"), hop.get("scope"), hop.get("used", False))
            for hop in hops
        ),
        as_path="" if text == "Local" else text,
        segments=tuple(
            AsSegment(segment["type"], tuple(segment["list"]))
            for segment in said["aspath"]["segments"]
        ),
        as_length=said["aspath"]["length"],
        origin=said["origin"],
        updated=said["lastUpdate"]["epoch"],
        version=said["version"],
        router_id=peer["routerId"],
        peer=peer["peerId"],
        peer_hostname=peer.get("hostname"),
        source=peer["type"],
        med=said.get("metric"),
        local_pref=said.get("locPrf"),
        valid=said["valid"],
        accessible=hops[0]["accessible"],
        igp_metric=hops[0].get("metric"),
        multipath=said.get("multipath", False),
        best="bestpath" in said,
        reason=said.get("bestpath", {}).get("selectionReason", ""),
        originator=said.get("originatorId"),
        clusters=tuple(said.get("clusterList", {}).get("list", ())),
    )


@pytest.mark.parametrize("name", ["features-multipath", "features-ipv6-route", "rr-reflected"])
def test_a_prefix_with_its_paths(name: str) -> None:
    said = jsonlib.loads(_text(f"{name}-json"))
    view = RouteView(
        said["prefix"],
        said["version"],
        "table default",
        tuple(map(_path, said["paths"])),
        tuple((peer, told.get("hostname")) for peer, told in said.get("advertisedTo", {}).items()),
    )
    _same(view, name)
    _same(view, f"{name}-json", as_json=True)


# The rest


def _nexthop(address: str, paths: int) -> misc.NexthopLine:
    return misc.NexthopLine(address, True, 0, paths, address, ("if virbr0",), 1795385675)


def test_next_hops() -> None:
    lines = (_nexthop("192.168.122.101", 0), _nexthop("192.168.122.102", 2))
    _same(misc.NexthopTable(lines), "nexthops")
    users = tuple(misc.NexthopPath(p, 0x418) for p in ("172.19.0.100/32", "172.19.0.0/32"))
    _same(misc.NexthopTable(lines[1:], users=users), "nexthop-one")


def test_listeners() -> None:
    _same(misc.Listeners((("default", 20, "0.0.0.0"), ("default", 21, "::"))), "listeners")


def test_memory() -> None:
    view = misc.Memory(4, 2, 2, 2, 2, 1, 1, 4, packets=1)
    _same(view, "memory")


def test_attributes() -> None:
    lines = (
        misc.AttributeLine(2, "0.0.0.0", 7, 0, 0, 0, 0),
        misc.AttributeLine(2, "192.168.122.102", 15, 0, 0, 0, 0),
    )
    _same(misc.Attributes(lines), "attributes")
