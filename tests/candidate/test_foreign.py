"""Lines of FRR's daemons that have no counterpart here."""

from collections.abc import Iterator

import pytest

import pyvtysh
from pyvtysh.candidate.foreign import ForeignLines, ForeignLink
from pyvtysh.candidate.tree import tree_of
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab

CONFIG = """interface lo
 ip ospf cost 10
exit
router rip
 network 10.0.0.0/8
exit
router ospf
 network 10.0.0.0/8 area 0
 area 1 stub
exit
route-map M permit 10
exit
"""
CHANGES = (
    *("router ospf", "network 11.0.0.0/8 area 2", "no area 1 stub", "exit"),
    *("interface lo", "ip ospf cost 20", "ip ospf dead-interval 30", "exit"),
    *("no router rip", "key chain K", "key 2", "key-string x", "exit", "exit"),
    *("route-map M permit 10", "set metric 5", "exit"),
)
DIFF = """\
+key chain K
+ key 2
+  key-string x
 interface lo
- ip ospf cost 10
+ ip ospf cost 20
+ ip ospf dead-interval 30
-router rip
- network 10.0.0.0/8
 router ospf
- area 1 stub
+ network 11.0.0.0/8 area 2
 route-map M permit 10
+ set metric 5
"""


@pytest.fixture(scope="module")
def router() -> Iterator[FrrRouter]:
    with Lab() as lab:
        made = FrrRouter(lab.namespace("cand-f"), {"frr.conf": CONFIG})
        made.start("zebra", "ospfd", "ripd")
        yield made


@pytest.mark.real
def test_they_are_changed_and_brought_back(router: FrrRouter) -> None:
    with pyvtysh.connect(str(router.run), config_dir=str(router.config)) as shell:
        before = tree_of(shell.running_config())
        for line in ("configure private", *CHANGES):
            assert shell.run(line).ok, line
        assert shell.run("area 3 foo").text == "% Unknown command: area 3 foo\n"
        assert shell.run("show configuration diff").text == DIFF
        assert shell.run("commit").text == "Commit 2 is in force\n"
        assert ("interface lo", "ip ospf cost 20") in tree_of(shell.running_config())
        assert shell.run("rollback 1").ok
        assert shell.run("commit").text == "Commit 3 is in force\n"
        assert tree_of(shell.running_config()) == before


def told(*lines: str) -> str:
    """What two daemons print that are both told some lines."""
    kept = ForeignLines()
    links = [ForeignLink("ospfd", kept, prints=True), ForeignLink("ripd", kept, prints=False)]
    for line in lines:
        for link in links:
            list(link.run(line))
    return "".join(links[0].run("do write terminal")) + "".join(links[1].run("do write terminal"))


def test_a_line_is_kept_once_and_taken_back() -> None:
    route_map = "route-map M permit 10"
    assert told(route_map, "set metric 5") == f"{route_map}\n set metric 5\nexit\n"
    assert told(route_map, "set metric 5", "set metric 7").count("set metric") == 1
    assert told(route_map, "set metric 5", "no set metric 5") == f"{route_map}\n"
    assert told(route_map, "set metric 5", "exit", f"no {route_map}") == ""


def test_lines_of_one_block_stay_apart() -> None:
    rip = ("router rip", "network 10.0.0.0/8", "network 11.0.0.0/8", "version 1", "version 2")
    expected = "router rip\n network 10.0.0.0/8\n network 11.0.0.0/8\n version 2\nexit\n"
    assert told(*rip) == expected
    assert told(*rip, "exit", "router ospf", "end", *rip) == f"{expected}router ospf\n"
