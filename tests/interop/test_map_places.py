"""Where a route-map prints that was taken back and comes again: beside FRR's zebra and bgpd."""

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter

LINES = (
    *(f"route-map {name} permit 10" for name in "ABCE"),
    *("exit", "no route-map A", "route-map A permit 20", "exit", "no route-map B permit 10"),
    *("route-map B permit 5", "exit", "no route-map E permit 10", "no route-map E"),
    *("route-map D permit 5", "route-map 0 permit 1", "route-map E permit 7"),
)


@pytest.mark.real
def test_a_route_map_that_lost_its_last_entry_keeps_its_place(lab: Lab) -> None:
    shown = []
    for kind, name in ((FrrRouter, "frr"), (OurRouter, "ours")):
        router = kind(lab.namespace(name))
        router.start("zebra", "bgpd")
        router.configure(*LINES)
        text = router.show("show running-config").splitlines()
        shown.append([line for line in text if line.startswith("route-map")])
    theirs, ours = shown
    assert ours == theirs
    assert [line.split()[1] for line in ours] == ["B", "C", "A", "D", "0", "E"]
