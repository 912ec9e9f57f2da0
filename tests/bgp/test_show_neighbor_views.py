"""`show bgp neighbors` against transcripts of the real bgpd: views made from its JSON."""

import json as jsonlib
import re
from pathlib import Path
from typing import Any

import pytest

from bgp.peerstate import Counts
from bgp.show.json.neighbor import FILTERS
from bgp.show.render import render
from bgp.show.views.neighbor import (
    Both,
    Capabilities,
    Graceful,
    GracefulFamily,
    LastReset,
    NamedFilter,
    NeighborFamily,
    NeighborsView,
    NeighborView,
    Socket,
    Timers,
)
from tests.support.golden import assert_same

GOLDEN = Path(__file__).parent.parent / "golden"
FAMILIES = {"ipv4Unicast": "IPv4 Unicast", "ipv6Unicast": "IPv6 Unicast"}
LIMIT_MESSAGE = bytes.fromhex(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF0047020000001C4001010050020006020100"
    "00FDEC4003040A0000048004040000000018"
    "0A0400180A0404180A0403180A0402180A0401"
)


def _text(name: str) -> str:
    text = (GOLDEN / f"{name}.txt").read_text().partition("\n")[2]
    return re.sub(r"\[exit 0\]\n\Z", "", text)


def _both(word: str) -> Both:
    return Both("advertised" in word.lower(), "received" in word.lower())


def _capabilities(said: dict[str, Any]) -> Capabilities:
    names = said["hostName"]
    return Capabilities(
        as4=_both(said["4byteAs"]),
        extended_message=_both(said["extendedMessage"]),
        addpath=tuple(
            (FAMILIES[key], Both(), _both(next(iter(value))))
            for key, value in said["addPath"].items()
        ),
        long_lived=_both(said["longLivedGracefulRestart"]),
        refresh=_both(said["routeRefresh"]),
        enhanced_refresh=_both(said["enhancedRouteRefresh"]),
        families=tuple(
            (FAMILIES[key], _both(next(iter(value))))
            for key, value in said["multiprotocolExtensions"].items()
        ),
        own_hostname=names["advHostName"],
        hostname=names["rcvHostName"],
        graceful=_both(said["gracefulRestart"]),
        restart_time=said["gracefulRestartRemoteTimerMsecs"] // 1000,
    )


def _graceful(said: dict[str, Any]) -> Graceful:
    return Graceful(
        said["localGrMode"],
        said["remoteGrMode"],
        said["rBit"],
        said["nBit"],
        said["timers"]["configuredRestartTimer"],
        said["timers"]["receivedRestartTimer"],
        tuple(
            GracefulFamily(
                FAMILIES[key],
                value["fBit"],
                value["endOfRibStatus"]["endOfRibSend"],
                value["endOfRibStatus"]["endOfRibSentAfterUpdate"],
                value["endOfRibStatus"]["endOfRibRecv"],
                value["timers"]["stalePathTimer"],
            )
            for key, value in said.items()
            if key in FAMILIES
        ),
    )


def _messages(said: dict[str, Any], way: str) -> Counts:
    kinds = ("opens", "notifications", "updates", "keepalives", "routeRefresh", "capability")
    return Counts(*(said[kind + way] for kind in kinds))


def _family(key: str, said: dict[str, Any]) -> NeighborFamily:
    filters = [
        NamedFilter(kind, said[name], True) for kind, name in FILTERS.items() if name in said
    ]
    return NeighborFamily(
        FAMILIES[key],
        group=said.get("updateGroupId"),
        filters=tuple(filters),
        accepted=said["acceptedPrefixCounter"],
        sent=said.get("sentPrefixCounter", 0),
        maximum=said.get("prefixAllowedMax"),
    )


def _reset(said: dict[str, Any]) -> LastReset:
    code = said.get("lastErrorCodeSubcode")
    error = None
    if code is not None:
        words, hard = said["lastNotificationReason"], said["lastNotificationHardReset"]
        error = (int(code[:2], 16), int(code[2:], 16), words, hard)
    return LastReset(
        said["lastResetTimerMsecs"] // 1000,
        said["lastResetDueTo"],
        said["lastResetCode"],
        error,
        sent=said["lastResetCode"] == 14,
        message=LIMIT_MESSAGE if error is not None else b"",
    )


def _socket(said: dict[str, Any]) -> Socket | None:
    if said["hostLocal"] == "Unknown":
        return None
    return Socket(
        said["hostLocal"],
        said["portLocal"],
        said["hostForeign"],
        said["portForeign"],
        said["nexthop"],
        said["nexthopGlobal"],
        said["nexthopLocal"],
        said["bgpConnection"] == "sharedNetwork",
    )


def _seconds(said: dict[str, Any], key: str) -> int | None:
    return said[key] // 1000 if key in said else None


def _timers(said: dict[str, Any], *, written: bool) -> Timers:
    return Timers(
        said["bgpTimerHoldTimeMsecs"] // 1000,
        said["bgpTimerKeepAliveIntervalMsecs"] // 1000,
        said["bgpTimerConfiguredHoldTimeMsecs"] // 1000,
        said["bgpTimerConfiguredKeepAliveIntervalMsecs"] // 1000,
        _seconds(said, "bgpTimerLastRead"),
        _seconds(said, "bgpTimerLastWrite") if written else None,
        _seconds(said, "bgpInUpdateElapsedTimeMsecs"),
        next_connect=_seconds(said, "nextConnectTimerDueInMsecs"),
        uptime=_seconds(said, "bgpTimerUpMsec"),
        established_epoch=said.get("bgpTimerUpEstablishedEpoch"),
    )


def _view(name: str, said: dict[str, Any]) -> NeighborView:
    capabilities = said.get("neighborCapabilities")
    fd = 22 if said["readThread"] == "on" else -1
    return NeighborView(
        name,
        said["remoteAs"],
        said["localAs"],
        "nbrInternalLink" in said,
        said["remoteRouterId"],
        said["localRouterId"],
        said["bgpState"],
        said.get("nbrDesc"),
        said.get("hostname"),
        timers=_timers(said, written=said["messageStats"]["totalSent"] > 0),
        capabilities=None if capabilities is None else _capabilities(capabilities),
        graceful=_graceful(said["gracefulRestartInfo"]),
        sent=_messages(said["messageStats"], "Sent"),
        received=_messages(said["messageStats"], "Recv"),
        families=tuple(_family(*item) for item in said["addressFamilyInfo"].items()),
        connections=said["connectionsEstablished"],
        dropped=said["connectionsDropped"],
        reset=_reset(said),
        over_limit="prefixesConfigExceedMax" in said,
        socket=_socket(said),
        fd=fd,
    )


@pytest.mark.parametrize(
    "name",
    [
        "show-views/neighbor-down",
        "show-views/neighbor-limit",
        "soft-router/024-show-ip-bgp-neighbors-192-168-122-101",
        "soft-router/026-show-ip-bgp-neighbors-192-168-122-102",
    ],
)
def test_a_neighbor_in_full(name: str) -> None:
    number = re.search(r"/(\d+)-", name)
    following = f"/{int(number[1]) + 1:03}-" if number is not None else "/"
    json_name = re.sub(r"/(\d+-)?", following, name, count=1) + "-json"
    said = jsonlib.loads(_text(json_name))
    view = NeighborsView(tuple(_view(peer, value) for peer, value in said.items()))
    ours = "".join(render(view, as_json=True))
    assert_same(ours, _text(json_name), json_name, names=("frr", "ours"))
    assert_same("".join(render(view, as_json=False)), _text(name), name, names=("frr", "ours"))


def test_a_neighbor_that_is_not_there() -> None:
    view = NeighborsView((), missing=True)
    assert "".join(render(view, as_json=False)) == "% No such neighbor in this view/vrf\n\n"
    assert "".join(render(view, as_json=True)) == '{\n  "bgpNoSuchNeighbor":true\n}\n'
