"""`maximum-prefix` in every form beside FRR: what is told, logged and shown, to the byte."""

import json
import re
from dataclasses import dataclass
from functools import cache

import pytest

from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.update import encode_update
from grammar.base.values import Prefix
from tests.bgp.stranger import GOOD, OUR_AS, STRANGER_AS, open_body
from tests.interop.malformed import TARGET, source, strangers
from tests.support.namespaces import Lab
from tests.support.scenario import KINDS
from tests.support.vty import Vty
from tests.support.wait import steady, until

pytestmark = pytest.mark.real

COUNT = 6
"""Prefixes of each neighbour, an UPDATE for each."""
CASES = {
    "a limit": "3",
    "a limit that is not reached": "100",
    "a limit that is just reached": "6",
    "a warning": "3 warning-only",
    "a threshold": "100 2",
    "a threshold and a warning": "4 50 warning-only",
    "a threshold and a limit": "4 50",
    "a restart": "3 restart 30",
    "a threshold and a restart": "4 25 restart 10",
    "refused ones do not count": "3",
    "refused ones that are not kept": "3 force",
    "refused ones that are not kept, for a warning": "3 warning-only force",
    "some refused and kept, which count": "4 50 force",
    "all in one UPDATE": "3",
    "a warning, all in one UPDATE": "3 warning-only",
}


def _configuration() -> str:
    lines = [f"router bgp {OUR_AS}", f" bgp router-id {TARGET}"]
    lines += [" no bgp ebgp-requires-policy", " no bgp default ipv4-unicast"]
    for number in range(len(CASES)):
        name = source(number)
        lines.append(f" neighbor {name} remote-as {STRANGER_AS}")
        lines += [f" neighbor {name} {word}" for word in ("passive", "disable-connected-check")]
    lines.append(" address-family ipv4 unicast")
    for number, (case, words) in enumerate(CASES.items()):
        name = source(number)
        lines += [f"  neighbor {name} activate", f"  neighbor {name} maximum-prefix {words}"]
        if case.startswith("some refused"):
            lines.append(f"  neighbor {name} prefix-list SOME in")
        if case.startswith("refused"):
            lines.append(f"  neighbor {name} prefix-list NONE in")
        if "refused and kept" in case:
            lines.append(f"  neighbor {name} soft-reconfiguration inbound")
    lines += [" exit-address-family", "exit", "ip prefix-list NONE seq 5 deny any"]
    lines += [
        "ip prefix-list SOME deny 0.0.0.0/0 ge 25",
        "ip prefix-list SOME permit 0.0.0.0/0 le 32",
        "",
    ]
    return "\n".join(lines)


def _conversation(number: int, case: str) -> dict[str, str]:
    texts = [f"10.{100 + number}.{at}.0/{25 if at < COUNT / 2 else 24}" for at in range(COUNT)]
    keys = [Prefix.parse(text).key for text in texts]
    runs = [keys] if "one UPDATE" in case else [[key] for key in keys]
    updates = [message for run in runs for message in encode_update(GOOD, run, 1)]
    before = pack(MessageType.OPEN, open_body(((1, 1),)))
    ends = {"source": source(number), "target": TARGET}
    return {**ends, "before": before.hex(), "said": (KEEPALIVE + b"".join(updates)).hex()}


@dataclass
class Outcome:
    """Of one neighbour."""

    told: str
    """The NOTIFICATION."""
    log: list[str]
    shown: dict[str, object]


# Why the last session ended is left out: FRR forgets that for some of those that came from outside.
_SHOWN = (
    "bgpState",
    "connectionsDropped",
    "addressFamilyInfo",
    "prefixesExceeded",
)


def _shown(vty: Vty, name: str) -> dict[str, object]:
    found = json.loads(vty.ask(f"show bgp neighbors {name} json")[0])[name]
    shown = {key: found.get(key) for key in _SHOWN}
    for family in (shown["addressFamilyInfo"] or {}).values():  # type: ignore[attr-defined]
        for key in ("updateGroupId", "subGroupId", "packetQueueLength"):
            family.pop(key, None)
    shown["reducePrefixNumFrom"] = found.get("reducePrefixNumFrom")
    shown["restarts"] = "restartInMsec" in found
    rows = json.loads(vty.ask("show bgp ipv4 unicast summary json")[0])["peers"]
    row = rows[name]
    for key in ("state", "pfxRcd", "pfxSnt", "connectionsDropped", "peerState"):
        shown[f"summary {key}"] = row.get(key)
    text = vty.ask("show bgp ipv4 unicast summary")[0]
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    shown["row"] = line.split()[-3:]
    return shown


@cache
def outcomes(kind: str) -> dict[str, Outcome]:
    """What a bgpd makes of all neighbours."""
    with Lab() as lab:
        namespace = lab.namespace("F")
        namespace.ip("address", "add", f"{TARGET}/32", "dev", "lo")
        namespace.ip("address", "add", "10.66.0.0/16", "dev", "lo")
        router = KINDS[kind](namespace, {"bgpd.conf": _configuration()})
        log = router.run / "log"
        router.start("zebra", "bgpd")
        with strangers(namespace) as (into, heard), Vty(router.run, "bgpd") as vty:
            for line in ("enable", "configure terminal", f"log file {log}", "end"):
                vty.ask(line)
            for number, case in enumerate(CASES):
                into.write(json.dumps(_conversation(number, case)) + "\n")
            into.write("\n")
            into.flush()
            until(lambda: _is_over(vty, heard.ends), 60, "all neighbours are done")
            # A session may be over whose NOTIFICATION was not read, or whose routes are there.
            shown, ends = steady(
                lambda: ([_shown(vty, source(at)) for at in range(len(CASES))], dict(heard.ends)),
                20,
                "all neighbours stay as they are",
            )
        lines = log.read_text().splitlines()
    return {
        case: Outcome(ends.get(number, ""), _of(source(number), lines), shown[number])
        for number, case in enumerate(CASES)
    }


def _is_over(vty: Vty, ends: dict[int, str]) -> bool:
    rows = json.loads(vty.ask("show bgp neighbors json")[0])
    for number, case in enumerate(CASES):
        row = rows[source(number)]
        if number in ends:
            # The NOTIFICATION is out before the session is down.
            lines = row["addressFamilyInfo"]["ipv4Unicast"]
            if row["bgpState"] != "Idle" or lines["acceptedPrefixCounter"]:
                return False
        elif row["messageStats"]["updatesRecv"] < (1 if "one UPDATE" in case else COUNT):
            return False
    return True


def _of(name: str, lines: list[str]) -> list[str]:
    wanted = re.compile(rf"BGP: (.*\b{re.escape(name)}\b.*)")
    found = [match[1] for line in lines if (match := wanted.search(line))]
    return [line for line in found if "MAXPFX" in line or "aximum" in line or "Cease" in line]


_KEPT = "some refused and kept, which count"


@pytest.mark.parametrize("case", [case for case in CASES if case != _KEPT])
def test_each_form_is_as_frrs(case: str) -> None:
    assert outcomes("ours")[case] == outcomes("frr")[case]


def test_refused_ones_that_are_kept_count_once() -> None:
    # FRR counts whatever is in anybody's Adj-RIB-In, and with it the accepted ones twice.
    ours, frr = outcomes("ours")[_KEPT], outcomes("frr")[_KEPT]
    assert (ours.told, ours.shown) == (frr.told, frr.shown)
    assert "reaches 3, max 4" in ours.log[0]
    assert "5 exceed, limit 4" in ours.log[1]
    assert "6 exceed, limit 4" in frr.log[1]
