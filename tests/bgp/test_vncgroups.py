import pytest

from grammar.node import CONFIG
from tests.bgp.commandline import Terminal


@pytest.mark.parametrize("nexthop", ["self", "192.0.2.9", "2001:db8::9"])
def test_a_policys_next_hop_prints_as_typed(nexthop: str) -> None:
    """FRR 8.4.4 loses `self` in some runs, so no recording has it."""
    made = Terminal(CONFIG)
    made.type("router bgp 65000", "vrf-policy BLUE", f"nexthop {nexthop}")
    assert f"nexthop {nexthop}" in [line.strip() for line in made.printed()]
