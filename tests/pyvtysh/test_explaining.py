"""`explain` and `test` in the shell: passed on, joined with zebra's answer, refused by FRR's."""

import json
from collections.abc import Callable, Generator, Iterator

import pytest

from grammar.base.errors import Status
from grammar.language.match import Ambiguous
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.merged import load_languages
from pyvtysh.questions import completions
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology


@pytest.fixture
def router(topology: Topology) -> VirtualRouter:
    router = topology.router("r1")
    router.interfaces("interface eth0\n address 10.0.1.1/24\n")
    router.load("ip route 10.9.0.0/16 Null0\nrouter bgp 65001\n network 10.9.0.0/16\n")
    topology.advance(10)
    return router


def test_zebras_answer_stands_behind_that_of_bgpd(router: VirtualRouter) -> None:
    lines = router.execute("explain bgp 10.9.0.0/16").splitlines()
    at = lines.index("  In zebra:")
    assert lines[at + 1] == "    10.9.0.0/16: 1 route, that of static is used"
    answer = json.loads(router.execute("explain bgp 10.9.0.0/16 json"))
    assert answer["paths"][0]["from"] == "local"
    assert answer["rib"]["kernel"][0]["state"] == "installed"


def test_within_configuration_it_takes_do(router: VirtualRouter) -> None:
    """`Router.execute` puts `do` in front while it configures."""
    with router.configure() as config:
        config("router bgp 65001")
        assert router.shell.node.name == "router bgp"
        assert router.execute("explain ip route 10.9.0.0/16").startswith("10.9.0.0/16: 1 route")


def test_frrs_abbreviations_and_lists_stay(router: VirtualRouter) -> None:
    """`ex` is `exit` and `te` is `terminal`; nothing lists our words."""
    for text, word in (("ex", "exit"), ("te", "terminal")):
        result, _ = router.shell.find(f"{text} x" if word == "terminal" else text)
        assert not isinstance(result, Ambiguous)
    assert "explain" not in router.run("list").text
    assert router.run("te").text == "% Command incomplete: te\n"


def test_words_are_offered_with_help(router: VirtualRouter) -> None:
    assert completions(router.shell, "explain ").texts == ["bgp", "ip", "ipv6", "neighbor"]
    assert "route-map" in completions(router.shell, "test ").texts


class Strangers:
    """Links to daemons that know none of our lines, as FRR's."""

    received = None

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, line: str) -> Generator[str, None, int]:
        if line in ("enable", "configure", "end"):
            return 0
        yield f"% Unknown command: {line}\n"
        return int(Status.NO_MATCH)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def shell() -> Iterator[Callable[[str], tuple[str, int]]]:
    said: list[str] = []
    vtysh = Vtysh(LANGUAGE, load_languages(), Strangers, said.append)
    vtysh.connect()
    yield lambda line: collect(vtysh.execute(line))
    vtysh.close()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("explain bgp 10.0.0.0/8", "% bgpd does not offer explain: it is not ours\n"),
        ("explain bgp 10.0.0.0/8 json", "% bgpd does not offer explain: it is not ours\n"),
        ("explain neighbor 10.0.0.1", "% bgpd does not offer explain: it is not ours\n"),
        ("explain ip route 10.0.0.0/8", "% zebra does not offer explain: it is not ours\n"),
        ("test route-map X prefix 10.0.0.0/8", "% bgpd does not offer test: it is not ours\n"),
    ],
)
def test_daemons_of_frr_get_one_line(
    shell: Callable[[str], tuple[str, int]], line: str, says: str
) -> None:
    assert shell(line) == (says, Status.CONFIG_FAILED)
