"""Every show of zebra beside FRR's, in the same network (`zebra_shows`), in text and as JSON.

The lines are drawn from FRR's own notations (`show_lines`, `zebra_show_words`). Text and status
byte are compared, as they are on the daemon's own vty socket.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.interop.zebra_show_words import show_lines
from tests.interop.zebra_shows import build
from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty

pytestmark = pytest.mark.real

PASSING = (
    (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\bfe80::[0-9a-f:]+"), "<ll>"),
    (re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d\d"), "<date>"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<age>"),
    (re.compile(r"\(fd \d+\)"), "(fd)"),
    # Numbers of next-hop groups: in lists, and of their own.
    (re.compile(r"(?<=\])( \()\d+\) |(/\d+)( \()\d+\) "), r"\2 (<nhg>) "),
    (re.compile(r'("(?:installedN|n)exthopGroupId":)\d+'), r"\1<nhg>"),
    (re.compile(r"(ID: )\(?\d+\)?"), r"\1<nhg>"),
    (re.compile(r"(Depend(?:s|ents): ).*"), r"\1<nhgs>"),
    # How often a map or list was asked, and what was handed to the kernel in how many parts.
    (re.compile(r'((?:[Ii]nvoked"?|hit ?[cC]ount"?): ?)\d+'), r"\1<n>"),
    (re.compile(r"(Invoked) \d+"), r"\1 <n>"),
    (
        re.compile(
            r"(?m)^(Route update[^:]*:|Dplane update yields:|Intf addr updates:|Kernel \(1\):).*"
        ),
        r"\1",
    ),
    (re.compile(r"(?m)^default {10,}\d+( +0)+ *$"), "default"),
    (re.compile(r"(advertisements sent:) \d+"), r"\1 <n>"),
    (re.compile(r"(RefCnt:) \d+"), r"\1 <n>"),
    # FRR's "changed" stays at routes that a map denied, until its maps are asked again.
    (re.compile(r'("internalStatus":|^   status: )2\b', re.MULTILINE), r"\g<1>0"),
    # FRR's imported routes compare by their distance, too, and are left behind.
    (re.compile(r"(protocol: table\n(?:.*\n){3} +flags: )73"), r"\g<1>9"),
    (re.compile(r'("protocol":"table",(?:\n.*){5,16}?\n +"internalFlags":)73'), r"\g<1>9"),
)
"""What two runs do not share."""
AGE = re.compile(r"\b\d\d:\d\d:\d\d\b")


def masked(line: str, text: str, status: int) -> str:
    """An answer without what passes."""
    for pattern, name in PASSING:
        text = pattern.sub(name, text)
    if "nexthop-group rib" in line or line.endswith(" nexthop-group"):
        # FRR's order is that of a hash table, or of numbers.
        text = "".join(sorted(re.split(r"(?m)^(?= *ID: |Interface \S+:$)", text)))
    return f"$ {line}\n{text}[status {status}]\n"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Router, Router]]:
    def built(make: Callable[[], Router]) -> Router:
        return make()

    with Lab() as one, Lab() as other, ThreadPoolExecutor() as both:
        makers = (lambda: build(FrrRouter, one), lambda: build(OurRouter, other))
        theirs, ours = both.map(built, makers)
        yield theirs, ours


def answers(router: Router, lines: list[str]) -> list[tuple[str, int]]:
    """What the router answers to each line, and the status byte."""
    with Vty(router.run, "zebra") as vty:
        return [vty.ask(line) for line in lines]


def _aged(answer: tuple[str, int]) -> tuple[str, int]:
    return AGE.sub("", answer[0]), answer[1]


def test_all_shows_are_the_same_as_frrs(pair: tuple[Router, Router]) -> None:
    lines = show_lines()
    assert len(lines) > 5000
    both = zip(lines, *(answers(router, lines) for router in pair), strict=True)
    # Most answers are equal but for ages, and need no other masks.
    doubtful = [(line, *of) for line, *of in both if _aged(of[0]) != _aged(of[1])]
    masks = [[masked(line, *answer) for answer in of] for line, *of in doubtful]
    different = [(theirs, ours) for theirs, ours in masks if theirs != ours]
    assert_same(
        "\n".join(ours for _, ours in different),
        "\n".join(theirs for theirs, _ in different),
        f"{len(different)} of {len(lines)} shows",
        names=("frr", "ours"),
    )
