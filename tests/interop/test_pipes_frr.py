"""Filters, `watch` and `show bgp graph` over FRR's daemons; `include` beside FRR's vtysh."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN
from tests.support.wait import until

pytestmark = pytest.mark.real

FRRS, OURS = "/usr/bin/vtysh", str(BIN / "vtysh")
CONFIG = """ip route 10.9.0.0/16 Null0
router bgp 65001
 no bgp network import-check
 neighbor 192.0.2.9 remote-as 65009
 neighbor 192.0.2.9 shutdown
 address-family ipv4 unicast
  network 10.1.0.0/16
  network 10.9.0.0/16
"""


@pytest.fixture(scope="module")
def router() -> Iterator[FrrRouter]:
    with Lab() as lab:
        router = FrrRouter(lab.namespace("pipes"))
        router.start()
        router.configure(*CONFIG.splitlines())
        until(lambda: "2 routes" in router.show("show ip bgp"), 20, "both routes")
        yield router


def argv(router: FrrRouter, program: str, *lines: str) -> list[str]:
    words = [word for line in lines for word in ("-c", line)]
    places = ("--vty_socket", router.run, "--config_dir", router.config, "-H", "/dev/null")
    return [str(word) for word in router.namespace.argv([program, *places, *words])]


def run(router: FrrRouter, program: str, *lines: str) -> tuple[str, str, int]:
    done = subprocess.run(argv(router, program, *lines), capture_output=True, text=True, timeout=60)
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize(
    "line",
    [
        "show ip bgp | include 10.1|10.9",
        "show ip bgp | include i | include zzz",
        "show ip bgp | include Network | x",
        *(f"show ip bgp | include {text}" for text in ("(", "[a", "*a", "a{", "a{x}", "[b-a]")),
        *(f"show ip bgp | include {text}" for text in ("[[:foo:]]", "a\\", "a{1,99999}", "\\1")),
        "show ip bgp | include",
        "show ip bgp | nothing",
        "show ip bgp |",
        "show ip bgp |count",
        "show nothing | include x",
        "show | include show",
        "show ip bgp x | include nothing",
        "w t",
        "wat",
    ],
)
def test_what_frr_has_is_as_frr_has_it(router: FrrRouter, line: str) -> None:
    assert run(router, OURS, line) == run(router, FRRS, line)


def test_lines_of_configuration_keep_their_bars(router: FrrRouter) -> None:
    lines = ("configure terminal", "interface lo", "description a | count", "do show ip bgp | x")
    assert run(router, OURS, *lines) == run(router, FRRS, *lines)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show ip bgp | table | count", "2\n"),
        ("show ip bgp | include 10.1 | count", "1\n"),
        ("show ip bgp | columns Status Network | csv", "Status,Network\n*>,10.1.0.0/16\n"
         "*>,10.9.0.0/16\n"),
        ("show ip bgp summary | json ipv4Unicast.peers.*.state", '[\n  "Idle (Admin)"\n]\n'),
        ("show ip bgp summary | columns Neighbor State | csv", "Neighbor,State/PfxRcd\n"
         "192.0.2.9,Idle (Admin)\n"),
        ("show ip route | json keys(@) | count", "1\n"),
        ("show bgp graph 10.1.0.0/16", "10.1.0.0/16 from this router  best\n"),
        ("show bgp graph", "this router  2 paths (2 best), 2 end here\n"),
        ("show bgp graph 192.0.2.1", "% Network not in table\n"),
    ],
)  # fmt: skip
def test_filters_over_frrs_daemons(router: FrrRouter, line: str, answer: str) -> None:
    text, said, _ = run(router, OURS, line)
    assert (text, said) == (answer, "")


def test_a_one_shot_watches_until_ctrl_c(router: FrrRouter) -> None:
    command = argv(router, OURS, "watch 1 show ip bgp | table | count")
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert watching.stdout is not None
        shown = [watching.stdout.readline() for _ in range(3)]
        watching.send_signal(signal.SIGINT)
        rest, _ = watching.communicate(timeout=60)
    finally:
        watching.kill()
    head = r"---- Every 1 s: show ip bgp \| table \| count  \d\d:\d\d:\d\d\n"
    assert re.fullmatch(f"{head}2\n{head}", "".join(shown))
    assert rest in ("2\n", "")
    assert watching.returncode == 0
