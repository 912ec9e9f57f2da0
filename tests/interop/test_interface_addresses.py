"""Interfaces with many addresses, beside FRR's zebra: which are shown, in which order."""

import json
import re

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.wait import until

pytestmark = pytest.mark.real

SETUP = """\
link add w0 type veth peer name w1
link set w0 addrgenmode none
link set w1 addrgenmode none
link set w0 up
address add 10.2.2.1/24 dev w0
address add 10.1.1.1/24 dev w0
address add 11.1.1.1/24 dev w0
address add 9.1.1.1/24 dev w0
address add 9.1.1.2/24 dev w0
address add 9.1.1.0/31 dev w0
address add 2001:db8:2::1/64 dev w0 nodad
address add 2001:db8:1::1/64 dev w0 nodad
link add x0 type veth peer name x1
link set x0 addrgenmode none
link set x1 addrgenmode none
link set x0 up
link set x1 up
address add 2001:db8:4::1/64 dev x0 nodad
address add 10.88.0.1/24 dev x1
address add 10.88.0.2/24 dev x1
address add 10.87.0.1/24 dev x1
address add 2001:db8:3::1/64 dev x1 nodad
address add fe80::7/64 dev x1 nodad
address add 127.0.0.5/8 dev lo
address add 5.5.5.5/32 dev lo
"""
LAST = ("5.5.5.5/32", "2001:db8:1::1/64", "fe80::7/64")


def masked(text: str) -> str:
    """Without what differs between two interfaces and two moments."""
    text = re.sub(r"last: .*|HWaddr: .*", "<>", text)
    return re.sub(r'("(?:lastLinkUp|lastLinkDown|hardwareAddress)":)"[^"]*"', r"\1<>", text)


def test_the_same_addresses_in_the_same_order() -> None:
    with Lab() as lab:
        routers: list[Router] = [
            FrrRouter(lab.namespace("frr"), {"zebra.conf": ""}),
            OurRouter(lab.namespace("ours"), {"zebra.conf": ""}),
        ]
        for router in routers:
            for line in SETUP.splitlines():
                router.namespace.ip(*line.split())
            router.start("zebra")

            def knows_all(router: Router = router) -> bool:
                shown = json.dumps(json.loads(router.show("show interface json")))
                return all(address in shown for address in LAST)

            until(knows_all, 10, f"{router.kind} knows all addresses")
        for command in (
            "show interface brief",
            "show interface brief json",
            "show interface w0",
            "show interface x1",
            "show interface x1 json",
            "show interface lo",
        ):
            theirs, ours = (masked(router.show(command)) for router in routers)
            assert ours == theirs, command
        assert re.search(r"^w0 +up ", routers[0].show("show interface brief"), re.MULTILINE)
