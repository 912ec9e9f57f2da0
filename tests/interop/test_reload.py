"""FRR's `frr-reload.py`, as it is, over our vtysh and daemons: it does what it does with FRR's.

It prints every line that it adds, takes back or fails to take back; all that is compared with what
it prints over FRR's vtysh and daemons, and so is the configuration that runs afterwards.
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path

import pytest

from tests.interop.reload_text import AS, OWN, PEER, PEER_AS, configuration
from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.namespaces import Lab
from tests.support.ours import BIN, OurRouter
from tests.support.router import Router
from tests.support.wait import until

RELOAD = "/usr/lib/frr/frr-reload.py"
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ", re.MULTILINE)
NOTHING = "\nLines To Add\n============\nservice integrated-vtysh-config\nline vty\n"
"""What it finds to do with a configuration that is in force: two lines that are never shown."""

WRITTEN = sorted((Path(__file__).parent / "metallb").glob("*.conf"))
"""Files in the language that MetalLB and frr-k8s write, and their tests' router; one is broken."""

PEER_CONFIG = f"""\
router bgp {PEER_AS}
 no bgp ebgp-requires-policy
 neighbor {OWN} remote-as {AS}
 neighbor {OWN} timers connect 1
"""


@dataclass
class Reloaded:
    """A router with a real FRR for a neighbor, and frr-reload.py in front of it."""

    router: Router
    bindir: Path

    def reload(self, mode: str, text: str, *options: str) -> str:
        """What one run prints on both streams, and its exit status."""
        path = self.router.write("new.conf", text)
        places: list[str | Path] = [
            *("--bindir", self.bindir, "--confdir", self.router.config),
            *("--rundir", self.router.run, "--vty_socket", self.router.run),
        ]
        argv: list[str | Path] = [RELOAD, mode, "--stdout", *places, *options, path]
        env = {"VTYSH_HISTFILE": "/dev/null"}
        done = self.router.namespace.run(argv, check=False, timeout=120, env=env)
        said = STAMP.sub("", f"{done.stdout}[stderr]\n{done.stderr}[exit {done.returncode}]\n")
        said = said.replace(str(self.router.namespace.directory), "DIR")
        said = said.replace(str(self.bindir), "BIN")
        return re.sub(r"reload-\w+\.txt", "reload-X.txt", said)

    def session(self) -> dict[str, object]:
        shown = json.loads(self.router.show(f"show bgp neighbors {PEER} json"))[PEER]
        return {key: shown.get(key) for key in ("bgpState", "connectionsEstablished")}

    def up(self) -> object:
        """Wait for the session; which one it is, from 1."""
        until(lambda: self.session()["bgpState"] == "Established", 20, "the session")
        return self.session()["connectionsEstablished"]


def build(lab: Lab, kind: type[Router], bindir: Path) -> Reloaded:
    router, peer = lab.namespace("router"), lab.namespace("peer")
    lab.link(router, "eth0", peer, "eth0")
    peer.ip("address", "add", f"{PEER}/24", "dev", "eth0")
    router.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    FrrRouter(peer, {"bgpd.conf": PEER_CONFIG}).start("zebra", "bgpd")
    made = Reloaded(kind(router), bindir)
    made.router.start()
    return made


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Reloaded, Reloaded]]:
    with Lab() as one, Lab() as other:
        yield build(one, FrrRouter, Path("/usr/bin")), build(other, OurRouter, BIN)


Pair = tuple[Reloaded, Reloaded]


def both(pair: Pair, ask: Callable[[Reloaded], str], what: str) -> str:
    """Ask both at the same time; the answer, once it is the same."""
    with ThreadPoolExecutor(2) as pool:
        theirs, ours = pool.map(ask, pair)
    assert_same(ours, theirs, what, names=("frr", "ours"))
    return ours


@pytest.mark.real
def test_two_configurations_one_after_the_other(pair: Pair) -> None:
    sessions: list[list[object]] = []
    for new in (False, True):
        text = configuration(new)
        assert text.count("\n") > 300
        what = both(pair, methodcaller("reload", "--test", text), "--test")
        assert what.count("\n") > 50
        done = both(pair, methodcaller("reload", "--reload", text), "--reload")
        assert done.endswith("[exit 0]\n")
        both(pair, lambda one: one.router.show("show running-config"), "running-config")
        again = both(pair, methodcaller("reload", "--test", text), "--test again")
        assert again.startswith(NOTHING)
        sessions.append([one.up() for one in pair])
    # The neighbour may come while the first run is at its lines, and has to come again.
    assert sessions[1] == sessions[0]


@pytest.mark.real
@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_files_as_metallb_writes_them(pair: Pair, path: Path) -> None:
    text = path.read_text()
    said = both(pair, methodcaller("reload", "--test", text), path.name)
    refused = "vtysh failed to process new configuration" in said
    assert refused is (path.stem == "broken")
    assert refused or "neighbor" in said.partition("Lines To Add")[2]
