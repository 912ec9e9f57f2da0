"""The block tree of configurations, and vtysh's merging against captures of FRR 8.4.4."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.config import Block, diff, merge, parse, render, vtysh_running_config

GOLDEN = Path(__file__).parent.parent / "golden" / "running-config" / "frr-8.4.4"
MERGED = sorted((GOLDEN / "merge").iterdir())
PRINTED = sorted((GOLDEN / "printed").iterdir())

ROUTER = """\
frr version 8.4.4
!
router bgp 65001
 bgp router-id 1.1.1.1
 neighbor 10.0.0.2 remote-as 65002
 !
 address-family ipv4 unicast
  network 10.0.0.0/8
 exit-address-family
exit
!
route-map RM permit 10
exit
!
end
"""


@pytest.mark.parametrize("path", MERGED, ids=lambda path: path.stem)
def test_merging_of_captured_daemon_texts(path: Path) -> None:
    parts = re.split(r"^== .*\n", path.read_text(), flags=re.M)[1:]
    *texts, merged = (part for part in parts if part.strip())
    assert vtysh_running_config(texts, ["hostname HOST"]).strip() == merged.strip()


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_a_printed_configuration_is_its_own_merge(path: Path) -> None:
    text = path.read_text()
    service = "service integrated-vtysh-config\n"
    assert service in text
    _, _, body = text.rpartition("Current configuration:\n!\n")
    own = [service.strip()]
    header = text.startswith("Building")
    assert vtysh_running_config([body.replace(service, "")], own, header=header) == text


def test_equal_blocks_of_daemons_are_one() -> None:
    zebra = "hostname r1\nlog stdout\nservice x\n!\ninterface e0\n ip address 10.0.0.1/8\nexit\n!\n"
    bgpd = "hostname r1\nlog stdout\nservice x\n!\ninterface e0\n mpls bgp forwarding\nexit\n!\n"
    assert vtysh_running_config([zebra, bgpd, zebra], ["hostname r1", "service y"]) == (
        "Building configuration...\n\nCurrent configuration:\n!\nhostname r1\nlog stdout\n"
        "service x\nservice x\nservice x\nservice y\n!\n"
        "interface e0\n ip address 10.0.0.1/8\n mpls bgp forwarding\nexit\n!\nend\n"
    )


def test_order_of_kinds_and_marks() -> None:
    text = (
        "route-map B permit 10\nexit\nno route-map A optimization\nroute-map A permit 10\nexit\n"
        "interface bare\nexit\nip route 10.0.0.0/8 blackhole\nip route 11.0.0.0/8 reject\n"
        "debug bgp nht\nrouter bgp 1\n neighbor 1.1.1.1 remote-as 2\nexit\n"
        "ip prefix-list P deny any\n"
    )
    assert vtysh_running_config([text], header=False) == (
        "!\ndebug bgp nht\n!\nip route 10.0.0.0/8 blackhole\nip route 11.0.0.0/8 reject\n!\n"
        "interface bare\nexit\n!\n"
        "router bgp 1\n neighbor 1.1.1.1 remote-as 2\nexit\n!\nip prefix-list P deny any\n!\n"
        "route-map B permit 10\nexit\n!\nno route-map A optimization\n!\n"
        "route-map A permit 10\nexit\n!\nend\n"
    )


def test_blocks() -> None:
    version, router, routemap = parse(ROUTER)
    assert version == Block("frr version 8.4.4")
    assert (router.line, router.close) == ("router bgp 65001", "exit")
    assert [block.line for block in router.body] == [
        "bgp router-id 1.1.1.1",
        "neighbor 10.0.0.2 remote-as 65002",
        "address-family ipv4 unicast",
    ]
    assert router.body[2].body == [Block("network 10.0.0.0/8")]
    assert router.body[2].close == "exit-address-family"
    assert routemap == Block("route-map RM permit 10", [], "exit")


def test_merge_of_trees() -> None:
    more = "router bgp 65001\n neighbor 10.0.0.3 remote-as 3\nexit\nip route 10.0.0.0/8 reject\n"
    merged = merge([parse(ROUTER), parse(more)])
    assert [block.line for block in merged] == [
        "frr version 8.4.4",
        "ip route 10.0.0.0/8 reject",
        "router bgp 65001",
        "route-map RM permit 10",
    ]
    assert [block.line for block in merged[2].body][-1] == "neighbor 10.0.0.3 remote-as 3"
    assert len(merged[2].body) == 4


def test_difference() -> None:
    new = ROUTER.replace("10.0.0.2 remote-as 65002", "10.0.0.3 remote-as 65003")
    new = new.replace("network 10.0.0.0/8", "network 11.0.0.0/8") + "no ip forwarding\n"
    assert diff(parse(ROUTER), parse(ROUTER)) == []
    assert diff(parse(ROUTER), parse(new)) == [
        "router bgp 65001",
        "address-family ipv4 unicast",
        "no network 10.0.0.0/8",
        "exit-address-family",
        "no neighbor 10.0.0.2 remote-as 65002",
        "exit",
        "router bgp 65001",
        "neighbor 10.0.0.3 remote-as 65003",
        "address-family ipv4 unicast",
        "network 11.0.0.0/8",
        "exit-address-family",
        "exit",
        "no ip forwarding",
    ]
    assert diff(parse("no ip forwarding\n"), []) == ["ip forwarding"]


_WORDS = st.sampled_from(["router", "bgp", "no", "neighbor", "10.0.0.1", "interface", "vrf", "x"])
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_TREES = st.recursive(
    st.lists(st.builds(Block, _LINES), max_size=4),
    lambda inner: st.lists(
        st.builds(Block, _LINES, inner, st.sampled_from([None, "exit", "exit-vrf"])), max_size=4
    ),
    max_leaves=12,
)


@given(_TREES)
def test_parsing_undoes_rendering(blocks: list[Block]) -> None:
    assert parse(render(blocks)) == blocks


@given(_TREES)
def test_merging_with_itself_changes_nothing(blocks: list[Block]) -> None:
    once = merge([blocks])
    assert merge([once, once]) == once


@given(_TREES)
def test_no_difference_from_itself(blocks: list[Block]) -> None:
    assert diff(blocks, blocks) == []
