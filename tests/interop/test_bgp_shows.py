"""Every show of bgpd beside FRR's, in the same network (`bgp_shows`): the lines of a list, in text
and as JSON. Text and status byte are compared, as they are on the daemon's own vty socket.

`shows/bgpd-routes.txt` has every notation of FRR's, each alternative of it at least once;
`bgp_show_lines` adds what is asked of routes of all kinds, and names that are not there.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.interop.bgp_show_lines import lines
from tests.interop.bgp_shows import build
from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.masks import mask
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty

pytestmark = pytest.mark.real

LISTED = (Path(__file__).parent / "shows" / "bgpd-routes.txt").read_text().splitlines()
LINES = [*LISTED, *lines()]
PASSING = (
    # What a table has beside them is aligned to addresses of any length.
    (re.compile(r"\bfe80::[0-9a-f:]+ *"), "<ll> "),
    (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<age>"),
    (re.compile(r'"epoch":\d+'), "<epoch>"),
    (re.compile(r"0x[0-9a-f]{6,}(:\d+)?"), "<address>"),
    (re.compile(r"\(fd \d+\)"), "(fd)"),
    # Routes count in the order of their coming.
    (
        re.compile(r'("version": ?|, version |table version (?:is )?|able[vV]ersion": ?)\d+', re.I),
        r"\1<version>",
    ),
    # Counts of messages depend on how many routes one takes, those of groups on who came when.
    (re.compile(r'(^    Updates: +|"updatesSent":)\d+', re.M), r"\1<n>"),
    (re.compile(r"^(\S+ +4 +\d+ +65001) +\d+ +\d+ +0", re.M), r"\1 <n> <n>"),
    (re.compile(r"(Coalesce Time|Total packets enqueued|queue high watermark): \d+"), r"\1: <n>"),
    (re.compile(r"(> ver) \d+ (?=buffer)"), r"\1 <n> "),
    # A show by a list or map counts as a question to it in FRR.
    (re.compile(r'(Invoked:? |"invoked":|hit ?[cC]ount"?: ?)\d+'), r"\1<n>"),
)
NUMBERED = re.compile(
    r'((?:[Uu]pdate[- ](?:sub)?group |subgroup |"(?:updateGroupId|subGroupId)":))\d+'
)
"""Update-groups, which are numbered as the sessions come up."""
HASHED = re.compile(r"^show (ip )?bgp (paths|community-info|peerhash|mac hash|(vrf all )?nexthop)")
"""What FRR has in the order of a hash table, or of what came last: the lines are sorted."""


def masked(line: str, text: str, status: int) -> str:
    """An answer without what passes."""
    for pattern, name in (*PASSING, (NUMBERED, r"\1<n>")):
        text = pattern.sub(name, text)
    text = mask(text)
    if "update-groups" in line:
        # FRR shows them in the order of a hash table.
        text = "".join(sorted(re.split(r"(?m)^(?=Update-group |update group )", text)))
    if HASHED.match(line):
        text = "".join(sorted(text.splitlines(keepends=True)))
    return f"$ {line}\n{text}[status {status}]\n"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Router, Router]]:
    def built(make: Callable[[], Router]) -> Router:
        return make()

    with Lab() as one, Lab() as other, ThreadPoolExecutor() as both:
        routers = both.map(built, (lambda: build(FrrRouter, one), lambda: build(OurRouter, other)))
        theirs, ours = routers
        yield theirs, ours


def answers(router: Router) -> dict[str, str]:
    """What the router answers to each line."""
    with Vty(router.run, "bgpd") as vty:
        return {line: masked(line, *vty.ask(line)) for line in LINES}


def test_names_of_neighbors_where_they_are_wanted(pair: tuple[Router, Router]) -> None:
    """`bgp default show-hostname` and `show-nexthop-hostname`, each on and off again."""
    heads = ("show ip bgp", "show bgp", "show ip bgp 172.30.0.0/24", "show bgp 2001:db8:100::/48")
    ends = (
        *("summary", "json", "wide", "detail", "neighbors 10.0.0.4 advertised-routes"),
        *("neighbors 10.0.0.4 received-routes", "neighbors 10.0.0.3 bestpath-routes"),
    )
    lines = [*heads, *(f"show ip bgp {end}" for end in ends), *(f"{head} json" for head in heads)]
    told = []
    for router in pair:
        with Vty(router.run, "bgpd") as vty:
            for word in ("show-hostname", "show-nexthop-hostname"):
                setting = ("configure terminal", "router bgp 65001", f"bgp default {word}", "end")
                assert [vty.ask(line) for line in setting] == [("", 0)] * 4
                told.append("".join(masked(line, *vty.ask(line)) for line in lines))
                undone = (*setting[:2], f"no {setting[2]}", "end")
                assert [vty.ask(line) for line in undone] == [("", 0)] * 4
    assert_same("".join(told[2:]), "".join(told[:2]), "shows with names", names=("frr", "ours"))


def test_all_shows_are_the_same_as_frrs(pair: tuple[Router, Router]) -> None:
    assert len(LINES) > 3000
    theirs, ours = map(answers, pair)
    different = [line for line in LINES if theirs[line] != ours[line]]
    assert_same(
        "\n".join(ours[line] for line in different),
        "\n".join(theirs[line] for line in different),
        f"{len(different)} of {len(LINES)} shows",
        names=("frr", "ours"),
    )
