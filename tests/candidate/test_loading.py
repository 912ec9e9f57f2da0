"""`load`: files and the terminal with lines that are wrong; more commits than are kept."""

import io
from pathlib import Path

import pytest

from pyvtysh.candidate.archive import KEPT
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

RUNS = """\
ip prefix-list P seq 5 permit 10.0.0.0/8
ip prefix-list P seq 10 permit 11.0.0.0/8
ip prefix-list Q seq 5 permit 12.0.0.0/8
ip route 10.1.0.0/16 Null0
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 10.9.0.2 remote-as 65002
 neighbor 10.9.0.2 description kept or not
"""
FILE = """\
ip prefix-list P seq 7 permit 13.0.0.0/8
ip prefix-list P seq nine permit 14.0.0.0/8
router bgp 65001
 neighbor 10.9.0.3 remote-as 65003
 neighbor 10.9.0.3 timers 9
 neighbor 10.9.0.4 timers 3 9
 no such line \xe9
"""
WRONG = ((2, "nine"), (5, "timers 9"), (6, "10.9.0.4"), (7, "no such line"))
AFTER = {
    "merge": """\
+ip prefix-list P seq 7 permit 13.0.0.0/8
 router bgp 65001
+ neighbor 10.9.0.3 remote-as 65003
""",
    "replace": """\
-ip prefix-list P seq 5 permit 10.0.0.0/8
-ip prefix-list P seq 10 permit 11.0.0.0/8
+ip prefix-list P seq 7 permit 13.0.0.0/8
 router bgp 65001
- no bgp ebgp-requires-policy
- neighbor 10.9.0.2 remote-as 65002
- neighbor 10.9.0.2 description kept or not
+ neighbor 10.9.0.3 remote-as 65003
""",
    "override": """\
-ip route 10.1.0.0/16 Null0
-ip prefix-list P seq 5 permit 10.0.0.0/8
-ip prefix-list P seq 10 permit 11.0.0.0/8
-ip prefix-list Q seq 5 permit 12.0.0.0/8
+ip prefix-list P seq 7 permit 13.0.0.0/8
 router bgp 65001
- no bgp ebgp-requires-policy
- neighbor 10.9.0.2 remote-as 65002
- neighbor 10.9.0.2 description kept or not
+ neighbor 10.9.0.3 remote-as 65003
""",
}


@pytest.fixture
def router(topology: Topology) -> VirtualRouter:
    made = topology.router("r1", RUNS)
    made.run("configure private")
    return made


def check(router: VirtualRouter, how: str, name: str, said: str) -> None:
    """Each bad line is named with its place and reason, and all of the others count."""
    rows = said.splitlines()
    assert len(rows) == len(WRONG), said
    for row, (number, part) in zip(rows, WRONG, strict=True):
        assert row.startswith(f"% {name}:{number}: ")
        assert part in row
    lines = sorted(AFTER[how].splitlines())
    shown = router.run("show configuration diff").text.splitlines()
    assert sorted(line for line in shown if not line.endswith("forwarding")) == lines


@pytest.mark.parametrize("how", AFTER)
def test_the_bad_lines_of_a_file_are_told_and_the_others_count(
    router: VirtualRouter, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "some.conf"
    file.write_bytes(FILE.encode("latin-1"))
    before = router.running_config()
    answer = router.run(f"load {how} {file}")
    assert not answer.ok
    check(router, how, str(file), answer.text)
    assert router.running_config() == before


@pytest.mark.parametrize("how", AFTER)
def test_the_terminal_is_read_up_to_a_dot(
    router: VirtualRouter, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{FILE}.\nrouter bgp 65009\n"))
    router.shell.has_input = True
    answer = router.run(f"load {how} terminal")
    assert not answer.ok
    check(router, how, "terminal", answer.text)


def test_more_commits_than_are_kept(topology: Topology) -> None:
    """The oldest go; what is kept can be gone back to, and what is not is said so."""
    router = topology.router("r1")
    router.run("configure private")
    for number in range(KEPT + 2):
        assert router.run(f"ip route 10.{number}.0.0/16 blackhole").ok
        assert router.run(f"commit comment no. {number}").ok
    rows = router.run("show configuration commits").text.splitlines()[1:]
    assert [int(row.split()[0]) for row in rows] == list(range(KEPT))
    assert router.run(f"rollback {KEPT}").text.startswith("% Unknown command")
    assert router.run(f"rollback {KEPT - 1}").ok
    lines = router.run("show configuration diff").text.splitlines()
    assert len(lines) == KEPT - 1
    assert all(line.startswith("-ip route ") for line in lines)
    assert router.run("commit").ok
    assert router.running_config().count("ip route ") == 3
