"""A candidate, typed into routers in memory."""

import re

import pytest

from pyvtysh.api.errors import LostError
from pyvtysh.link import Link, LinkLostError, Running
from pyvtysh.questions import help_for
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

R1 = """
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 10.0.12.2 remote-as 65002
 neighbor 10.0.13.2 remote-as 65003
 address-family ipv4 unicast
  redistribute static
"""
FAR = "router bgp {}\n no bgp ebgp-requires-policy\n neighbor {} remote-as 65001\n"


@pytest.fixture
def r1(topology: Topology) -> VirtualRouter:
    """A router with two sessions that are up."""
    r1, r2, r3 = (topology.router(name) for name in ("r1", "r2", "r3"))
    topology.wire(r1, r2, "10.0.12.0/24")
    topology.wire(r1, r3, "10.0.13.0/24")
    r1.load(R1)
    r2.load(FAR.format(65002, "10.0.12.1"))
    r3.load(FAR.format(65003, "10.0.13.1"))
    topology.until(lambda: all(up == 1 for _, up, _ in sessions(r1).values()))
    return r1


def sessions(router: VirtualRouter) -> dict[str, tuple[str, int, int]]:
    """State, how often it came up and UPDATEs received, by neighbor."""
    shown = router.show("bgp neighbors", json=True)
    return {
        name: (
            each["bgpState"],
            each["connectionsEstablished"],
            each["messageStats"]["updatesSent"],
        )
        for name, each in shown.items()
    }


def type_in(router: VirtualRouter, *lines: str) -> str:
    """What the last line answers; all those before have to be taken."""
    for line in lines[:-1]:
        answer = router.run(line)
        assert answer.ok, (line, answer.text)
    return router.run(lines[-1]).text


def diff(router: VirtualRouter) -> str:
    return type_in(router, "show configuration diff")


def test_a_candidate_changes_nothing_until_it_is_committed(r1: VirtualRouter) -> None:
    before = r1.show("running-config")
    type_in(r1, "configure private", "router bgp 65001", "neighbor 10.0.12.2 descr the second")
    assert r1.shell.prompt == "r1(config-router*)# "
    assert type_in(r1, "no neighbor 10.0.13.2 timers 3 9", "no neighbor 10.0.13.2") == ""
    assert type_in(r1, "do show running-config") == before
    assert diff(r1) == (
        " router bgp 65001\n"
        "- neighbor 10.0.13.2 remote-as 65003\n"
        "+ neighbor 10.0.12.2 description the second\n"
    )
    assert type_in(r1, "commit comment less, and described") == "Commit 2 is in force\n"
    assert r1.shell.prompt == "r1(config-router*)# "
    assert diff(r1) == ""
    assert type_in(r1, "end") == ""
    after = r1.show("running-config")
    assert "description the second" in after
    assert "10.0.13.2" not in after
    shown = type_in(r1, "show configuration commits").splitlines()
    assert [line.split()[:2] for line in shown] == [["Ago", "Commit"], ["0", "2"], ["1", "1"]]
    assert shown[1].endswith("  less, and described")
    assert shown[2].endswith("  (found running)")


def test_what_is_wrong_is_said_at_once(r1: VirtualRouter) -> None:
    assert type_in(r1, "configure private", "router bgp 65001", "neighbor 10.1.1.1 timers 3 9") == (
        "% Specify remote-as or peer-group commands first\n"
    )
    assert type_in(r1, "neighbour 10.1.1.1") == "% Unknown command: neighbour 10.1.1.1\n"
    assert type_in(r1, "bgp graceful") == "% Ambiguous command: bgp graceful\n"
    assert type_in(r1, "router ospf") == "% Unknown command: router ospf\n" or r1.shell.said
    assert diff(r1) == ""


def test_only_what_a_change_is_about_is_touched(r1: VirtualRouter, topology: Topology) -> None:
    before = sessions(r1)
    type_in(
        r1,
        *("configure private", "hostname r9", "ip prefix-list P permit 10.0.0.0/8 le 24"),
        *("router bgp 65001", "neighbor 10.0.12.2 password secret"),
        *("neighbor 10.0.12.2 description both lines of one neighbor", "exit"),
        "commit",
    )
    assert r1.show("bgp neighbors 10.0.12.2", json=True)["10.0.12.2"]["bgpState"] != "Established"
    topology.advance(30)
    assert sessions(r1)["10.0.13.2"] == before["10.0.13.2"]
    assert r1.shell.hostname == "r9"
    type_in(r1, "no hostname r9", "hostname r1", "no ip prefix-list P", "commit")
    assert sessions(r1)["10.0.13.2"] == before["10.0.13.2"]


def test_rollback(r1: VirtualRouter) -> None:
    first = r1.running_config()
    for number in range(3):
        type_in(r1, "configure private", f"ip route 10.9.{number}.0/24 blackhole", "commit", "end")
    assert type_in(r1, "show configuration rollback 2 diff") == (
        "-ip route 10.9.1.0/24 blackhole\n-ip route 10.9.2.0/24 blackhole\n"
    )
    assert type_in(r1, "show configuration rollback 9") == (
        "% No configuration is kept of 9 commits ago\n"
    )
    assert type_in(r1, "configure private", "rollback 3", "commit", "end") == ""
    assert r1.running_config() == first
    type_in(r1, "configure private", "rollback 1", "commit", "end")
    assert r1.running_config().count("blackhole") == 3


def test_discard_and_leaving(r1: VirtualRouter) -> None:
    type_in(r1, "configure private", "ip route 10.9.0.0/24 blackhole")
    assert type_in(r1, "end").startswith("% The candidate is kept until")
    assert r1.shell.prompt == "r1# "
    assert diff(r1) == "+ip route 10.9.0.0/24 blackhole\n"
    assert type_in(r1, "configure private", "discard") == ""
    assert r1.shell.prompt == "r1(config*)# "
    assert diff(r1) == ""
    assert type_in(r1, "exit") == ""
    assert diff(r1).startswith("% There is no candidate")
    assert type_in(r1, "commit").startswith("% There is no candidate")


def test_changes_that_came_meanwhile_stay(r1: VirtualRouter) -> None:
    type_in(r1, "configure private", "router bgp 65001", "neighbor 10.0.12.2 description mine")
    with r1.beside().configure() as c:
        c("router bgp 65001", "neighbor 10.0.13.2 description theirs")
    assert diff(r1).endswith(
        "% The running configuration has changed since; `rebase` takes that in\n"
    )
    assert type_in(r1, "commit") == "Commit 2 is in force\n"
    running = r1.running_config()
    assert "10.0.12.2 description mine" in running
    assert "10.0.13.2 description theirs" in running


def test_conflicts_are_named(r1: VirtualRouter) -> None:
    type_in(
        r1,
        *("configure private", "router bgp 65001", "neighbor 10.0.12.2 timers 3 9"),
        "neighbor 10.0.13.2 description mine",
    )
    with r1.beside().configure() as c:
        c("router bgp 65001", "neighbor 10.0.12.2 timers 5 15", "no neighbor 10.0.13.2")
    before = r1.show("running-config")
    assert type_in(r1, "commit") == (
        "% Not committed: the running configuration changed since the candidate began\n"
        "%   `neighbor 10.0.12.2 timers 5 15` of `router bgp 65001` came meanwhile, and the"
        " candidate takes it away\n"
        "%   `neighbor 10.0.13.2 description mine` of `router bgp 65001` of the candidate has no"
        " place in what runs now (Specify remote-as or peer-group commands first)\n"
        "% `rebase` takes that in, and the candidate's lines win; then see"
        " `show configuration diff`\n"
    )
    assert type_in(r1, "do show running-config") == before
    assert type_in(r1, "rebase").count("\n") == 2
    assert diff(r1) == (
        " router bgp 65001\n- neighbor 10.0.12.2 timers 5 15\n+ neighbor 10.0.12.2 timers 3 9\n"
    )
    assert type_in(r1, "commit") == "Commit 2 is in force\n"


class Stubborn:
    """A link to a daemon that refuses a line, or at which something happens."""

    def __init__(
        self, link: Link, refused: str, happens: type[BaseException] | None = None
    ) -> None:
        self.link, self.refused, self.happens = link, refused, happens
        self.name = link.name
        self.received = None

    def run(self, line: str) -> Running:
        """As the daemon, but for one line."""
        if line.strip() != self.refused:
            return (yield from self.link.run(line))
        if self.happens is not None:
            raise self.happens(0, "gone")
        yield "% I will not\n"
        return 13

    def close(self) -> None:
        """Nothing more."""


@pytest.fixture
def changed(r1: VirtualRouter) -> VirtualRouter:
    """A candidate with lines for all daemons."""
    type_in(
        r1,
        *("configure private", "ip route 10.9.0.0/24 blackhole", "ip nht resolve-via-default"),
        *("route-map M permit 10", "set metric 5", "exit"),
        *("router bgp 65001", "neighbor 10.0.12.2 route-map M in", "neighbor 10.0.13.2 timers 3 9"),
        *("no neighbor 10.0.13.2 timers 3 9", "exit"),
    )
    return r1


def test_a_refused_line_undoes_all(changed: VirtualRouter) -> None:
    before, established = changed.show("running-config"), sessions(changed)
    links = changed.shell.links
    links["bgpd"] = Stubborn(links["bgpd"], "neighbor 10.0.12.2 route-map M in")
    assert type_in(changed, "commit") == (
        "% Not committed\n"
        "% bgpd refuses `neighbor 10.0.12.2 route-map M in` of `address-family ipv4 unicast`:"
        " I will not\n"
        "% All daemons are as they were\n"
    )
    assert type_in(changed, "do show running-config") == before
    assert sessions(changed) == established
    assert type_in(changed, "do show configuration commits") == "% Nothing was committed\n"
    assert "route-map M permit 10" in diff(changed)


def test_a_daemon_that_dies_undoes_the_others(changed: VirtualRouter) -> None:
    links = changed.shell.links
    links["bgpd"] = Stubborn(links["bgpd"], "neighbor 10.0.12.2 route-map M in", LinkLostError)
    with pytest.raises(LostError):
        changed.run("commit")
    text = changed.show("running-config")
    assert "blackhole" not in text
    assert "nht" not in text


def test_an_interrupted_commit_undoes_all(changed: VirtualRouter) -> None:
    before = changed.show("running-config")
    links = changed.shell.links
    line = "neighbor 10.0.12.2 route-map M in"
    links["bgpd"] = Stubborn(links["bgpd"], line, KeyboardInterrupt)
    assert type_in(changed, "commit") == (
        "% Not committed\n% Interrupted\n% All daemons are as they were\n"
    )
    assert changed.show("running-config") == before
    assert type_in(changed, "commit") == "Commit 2 is in force\n"


def test_help_and_plain_words(r1: VirtualRouter) -> None:
    plain = type_in(r1, "list")
    assert "commit" not in plain
    assert any(line.split()[0] == "commit" for line in help_for(r1.shell, ""))
    type_in(r1, "configure terminal")
    assert type_in(r1, "commit") == "% Unknown command: commit\n"
    assert type_in(r1, "do commit").startswith("% Leave `configure terminal` first")
    type_in(r1, "end", "configure private", "router bgp 65001")
    words = [line.split()[0] for line in help_for(r1.shell, "commit ")]
    assert words == ["<cr>", "check", "comment", "confirmed"]
    assert type_in(r1, "list") == type_in(r1, "list")


def test_a_commit_that_nobody_confirms_is_taken_back(r1: VirtualRouter, topology: Topology) -> None:
    type_in(r1, "configure private", "ip route 10.9.0.0/24 blackhole")
    said = type_in(r1, "commit confirmed 5 comment a try")
    assert re.fullmatch(
        r"Commit 2 is in force\n"
        r"Commit 2 is taken back at \d\d:\d\d:\d\d unless `commit` confirms it\n",
        said,
    )
    with r1.beside().configure() as c:
        c("ip route 10.8.0.0/24 blackhole")
    topology.advance(299)
    assert "10.9.0.0/24 blackhole" in r1.running_config()
    topology.advance(2)
    running = r1.running_config()
    assert "10.9.0.0/24" not in running
    assert "10.8.0.0/24" in running
    shown = type_in(r1, "show configuration commits").splitlines()
    assert shown[1].endswith("(back to 1: commit 2 was not confirmed within 5 minutes)")


def test_a_commit_that_is_confirmed_stays(r1: VirtualRouter, topology: Topology) -> None:
    type_in(r1, "configure private", "ip route 10.9.0.0/24 blackhole", "commit confirmed 5", "end")
    topology.advance(200)
    assert type_in(r1, "commit") == "Commit 2 is confirmed\n"
    topology.advance(200)
    assert "10.9.0.0/24 blackhole" in r1.running_config()
    type_in(r1, "configure private", "ip route 10.8.0.0/24 blackhole", "commit confirmed 5")
    assert type_in(r1, "ip route 10.7.0.0/24 blackhole", "commit confirmed 7").startswith(
        "Commit 4"
    )
    topology.advance(400)
    assert "10.7.0.0/24 blackhole" in r1.running_config()
    topology.advance(30)
    assert "10.7.0.0/24" not in r1.running_config()
    assert "10.8.0.0/24" not in r1.running_config()
    assert "10.9.0.0/24" in r1.running_config()
