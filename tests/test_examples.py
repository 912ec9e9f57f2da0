"""The examples and what the README says of them: run as a newcomer runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parent.parent
RUN = ROOT / "examples" / "soft-router" / "run.py"

TABLE = """\
   Network          Next Hop            Metric LocPrf Weight Path
*> 172.19.0.0/32    192.168.122.102                        0 64512 i
*> 172.19.0.100/32  192.168.122.102                        0 64512 i

Displayed  2 routes and 2 total paths
"""


@pytest.fixture(scope="module")
def demonstration() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, RUN], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90
    )


def test_the_demonstration_ends_well(demonstration: subprocess.CompletedProcess[str]) -> None:
    assert (demonstration.returncode, demonstration.stderr) == (0, "")


def test_it_prints_the_guides_three_tables(
    demonstration: subprocess.CompletedProcess[str],
) -> None:
    text = demonstration.stdout
    assert TABLE in text
    assert "Default local pref 100, local AS 65001" in text
    summary = r"192\.168\.122\.102 4 +64512 +\d+ +\d+ +0 +0 +0 00:00:\d\d +2 +2 N/A"
    assert re.search(summary, text), text
    assert "RIB entries 3, using 576 bytes of memory" in text
    route = r"B>\* 172\.19\.0\.100/32 \[20/0\] via 192\.168\.122\.102, virbr0, weight 1, 00:00:\d\d"
    assert re.search(route, text), text
    assert "C>* 192.168.122.0/24 is directly connected, virbr0," in text


def test_the_readme_shows_what_it_prints(
    demonstration: subprocess.CompletedProcess[str],
) -> None:
    shown = re.findall(r"^\*> .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert shown
    for line in shown:
        assert f"{line}\n" in demonstration.stdout


def test_nothing_is_left_behind(demonstration: subprocess.CompletedProcess[str]) -> None:
    del demonstration
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert not [line for line in found.stdout.splitlines() if "soft-router/announcer.py" in line]


def told(name: str, program: str = "run.py") -> str:
    """What an example prints when it ends well."""
    lab = ROOT / "examples" / name / program
    done = subprocess.run(
        [sys.executable, lab], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_three_routers_find_other_ways_when_a_wire_is_pulled() -> None:
    plugged, pulled, again = told("laboratory").split("***")[1:]
    for text in (plugged, again):
        assert re.search(r"B>\* 10\.255\.0\.2/32 \[20/0\] via fe80::\S+, eth0, weight 1,", text)
        assert re.search(r"eth0 +4 +65002 .* 3 +4 N/A", text)
    assert "B>* 10.255.0.2/32 [20/0] via 10.0.13.3, eth1, weight 1," in pulled
    assert re.search(r"eth0 +4 +65002 .*(Idle|Active|Connect) +0 N/A", pulled)


def test_a_kernel_is_driven_from_python() -> None:
    both, pulled, down = told("laboratory", "drive.py").split("***")[1:]
    for text, routes in (
        (both, ["C>* 10.0.0.0/24", "C>* 10.1.0.0/24", "K>* 192.0.2.0/24"]),
        (pulled, ["C>* 10.1.0.0/24", "K>* 192.0.2.0/24"]),
        (down, []),
    ):
        assert re.findall(r"^\S+ \S+/\d+", text, re.MULTILINE) == routes


def test_the_route_reflector_tells_its_clients_all_paths() -> None:
    printed = told("route-reflector")
    assert "2 dynamic neighbor(s), limit 100" in printed
    assert "* i172.16.100.0/24  10.0.0.3                 0    100      0 i" in printed
    assert "Originator: 10.0.0.3, Cluster list: 10.0.0.1" in printed
    assert "B>* 172.16.3.0/24 [200/0] via 10.0.0.3, eth0, weight 1," in printed


def test_on_a_terminal_the_shell_follows() -> None:
    child = pexpect.spawn(
        sys.executable,
        [str(RUN)],
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 120),
        env={**os.environ, "TERM": "xterm"},
    )
    try:
        child.expect("The router is yours")
        child.expect("#")
        child.send("show ip route bgp\r")
        child.expect(r"B>\* 172\.19\.0\.100/32")
        child.expect("#")
        child.send("exit\r")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
