"""`pyvtysh.connect`: lines and answers over vty sockets, errors that name line and daemon."""

import asyncio
import json
import re
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import pyvtysh
from pyvtysh.api import sync
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

FILES = {"vtysh.conf": "service integrated-vtysh-config\n"}


@pytest.fixture(scope="module", params=[FrrRouter, OurRouter], ids=["frr", "ours"])
def daemons(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        made: Router = request.param(lab.namespace("py"), FILES)
        made.start()
        yield made


@pytest.fixture
def router(daemons: Router) -> Iterator[pyvtysh.Router]:
    with pyvtysh.connect(str(daemons.run), config_dir=str(daemons.config), timeout=20) as router:
        yield router


# --- beside FRR's daemons and ours ---------------------------------------------------------------


@pytest.mark.real
def test_show_and_configure(daemons: Router, router: pyvtysh.Router) -> None:
    assert router.daemons == ("zebra", "bgpd", "staticd")
    with router.configure() as c:
        assert c("router bgp 65001", " no bgp ebgp-requires-policy") == ""
        c("""
             neighbor 192.0.2.9 remote-as 65009
             neighbor 192.0.2.9 description the upstream
            exit
            """)
        c("ip route 198.51.100.0/24 blackhole")
        assert router.show("bgp summary", json=True)["ipv4Unicast"]["peerCount"] == 1
        c("router bgp 65001", "timers bgp 5 15")
        assert "timers bgp 5 15" in router.running_config()
        router.execute("clear bgp *")
        c("no timers bgp")  # the node is still that of the line before
    summary = router.show("bgp ipv4 unicast summary", json=True)
    assert summary["as"] == 65001
    assert summary["peers"]["192.0.2.9"]["remoteAs"] == 65009
    assert "192.0.2.9       4      65009" in router.show("ip bgp summary")
    assert "description the upstream" in router.running_config()
    assert router.show("interface brief") == daemons.show("show interface brief")
    named = f"hostname {socket.gethostname()}\n"  # vtysh has it from where it runs
    shown = router.show("show running-config").replace(named, "")
    assert shown == daemons.show("show running-config")
    router.execute("clear bgp *", "write memory")
    assert (
        "neighbor 192.0.2.9 description the upstream" in (daemons.config / "frr.conf").read_text()
    )


@pytest.mark.real
def test_what_is_refused_names_line_and_daemon(router: pyvtysh.Router) -> None:
    with pytest.raises(pyvtysh.RefusedError) as refused, router.configure() as c:
        c("router bgp 65001", "neighbor 192.0.2.7 timers 3 9", "neighbor 192.0.2.8 remote-as 1")
    error = refused.value
    assert (error.daemon, error.line, error.number) == (
        "bgpd",
        "neighbor 192.0.2.7 timers 3 9",
        2,
    )
    assert error.text.startswith("% Specify remote-as or peer-group commands first")
    assert "192.0.2.8" not in router.running_config()  # and the shell is back in its enable node
    with pytest.raises(pyvtysh.RefusedError, match="Unknown command") as unknown:
        router.show("no such thing")
    assert (unknown.value.daemon, unknown.value.status) == ("vtysh", 2)
    answer = router.run("show ip bgp vrf nowhere")
    assert (answer.ok, answer.daemon) == (False, "bgpd")
    with pytest.raises(ValueError, match="not one line"):
        router.show("version\nconfigure terminal")
    assert json.loads(json.dumps(error.as_json()))["status"] == "config_failed"


@pytest.mark.real
def test_json_is_parsed_or_is_an_error(daemons: Router, router: pyvtysh.Router) -> None:
    assert router.show("interface lo", json=True)["lo"]["administrativeStatus"] == "up"
    assert router.show("ip bgp 203.0.113.0/24", json=True) == {}
    assert router.show("ip bgp vrf nowhere summary", json=True) == {}
    with pytest.raises(pyvtysh.RefusedError, match="View/Vrf is unknown") as refused:
        router.show("ip bgp vrf nowhere", json=True)
    assert (refused.value.daemon, refused.value.status) == ("bgpd", 1)
    with pytest.raises(pyvtysh.RefusedError, match="Unknown command: show version json"):
        router.show("version", json=True)
    if not daemons.is_ours:  # FRR's answer to this is `{ "default":}`
        with pytest.raises(pyvtysh.JsonError, match="bgpd answered no JSON") as none:
            router.show("bgp view all ipv4 vpn", json=True)
        assert none.value.text.startswith("{")


@pytest.mark.real
def test_tasks_share_a_router(daemons: Router) -> None:
    async def steps() -> None:
        async with pyvtysh.connect_async(
            str(daemons.run), config_dir=str(daemons.config)
        ) as router:
            async with router.configure() as c:
                await c("ip prefix-list P permit 10.0.0.0/8", "ip prefix-list Q permit any")
            shown = await asyncio.gather(
                router.show("ip prefix-list P"),
                router.show("interface", json=True),
                router.running_config(),
            )
            assert "10.0.0.0/8" in shown[0]
            assert "lo" in shown[1]
            assert "ip prefix-list Q" in shown[2]
            with pytest.raises(pyvtysh.RefusedError):
                await router.execute("no such thing")

            async def own(number: int) -> None:
                async with router.configure() as c:
                    await c(f"route-map T{number} permit 10")
                    await asyncio.sleep(0)
                    await c(f"set metric {number}")

            await asyncio.gather(own(1), own(2), router.show("interface"), own(3))
            shown = await router.running_config()
            for number in (1, 2, 3):
                assert f"route-map T{number} permit 10\n set metric {number}\n" in shown

    asyncio.run(asyncio.wait_for(steps(), 30))


@pytest.mark.real
def test_routers_in_threads(daemons: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "_merged", [])  # what they share grows while they use it

    def steps(number: int) -> str:
        with pyvtysh.connect(str(daemons.run), config_dir=str(daemons.config)) as router:
            router.load(f"route-map R{number} permit 10\n set metric {number}\n")
            with router.configure() as c:
                c(f"ip prefix-list P{number} permit any", "interface lo", "description loop")
            return router.show(f"route-map R{number}") + router.show(f"ip prefix-list P{number}")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            shown = list(pool.map(steps, range(4)))
    finally:
        sys.setswitchinterval(interval)
    for number, text in enumerate(shown):
        assert f"metric {number}" in text
        assert f"P{number}" in text


@pytest.mark.real
def test_a_daemon_that_comes_back_is_connected_to_again(daemons: Router) -> None:
    with pyvtysh.connect(str(daemons.run), config_dir=str(daemons.config)) as router:
        daemons.stop("staticd")
        with pytest.raises(pyvtysh.LostError, match="lost staticd") as lost:
            router.configure().__enter__()
        assert (lost.value.daemon, lost.value.line) == ("staticd", "configure terminal")
        assert router.daemons == ("zebra", "bgpd")
        assert "lo" in router.show("interface")
        daemons.start("staticd")
        with router.configure() as c:
            c("ip route 203.0.113.0/24 blackhole")
        assert "203.0.113.0/24" in router.running_config()
        assert router.daemons == ("zebra", "bgpd", "staticd")


# --- docs/api.md ---------------------------------------------------------------------------------

PAGE = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.real
def test_the_page_runs(daemons: Router, request: pytest.FixtureRequest) -> None:
    where = f"{str(daemons.run)!r}, config_dir={str(daemons.config)!r}"
    names: dict[str, object] = {"print": lambda *_: None}
    for block in BLOCKS:
        exec(re.sub(r"connect(_async)?\(\)", rf"connect\1({where})", block), names)
    tests = [names[name] for name in names if name.startswith("test_")]
    assert len(tests) == 1
    for test in tests:
        assert callable(test)
        test(request.getfixturevalue("topology"))


# --- without daemons -----------------------------------------------------------------------------


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(pyvtysh.ConnectError, match="no daemon's socket is there") as missing:
        pyvtysh.connect(str(tmp_path))
    assert (missing.value.reasons, missing.value.folder) == ((), str(tmp_path))
    (tmp_path / "zebra.vty").write_text("")
    with pytest.raises(pyvtysh.ConnectError, match=r"zebra\.vty: Connection refused"):
        asyncio.run(_entered(pyvtysh.connect_async(str(tmp_path))))
    with pytest.raises(RuntimeError, match="not connected"):
        asyncio.run(pyvtysh.connect_async(str(tmp_path)).execute("clear bgp *"))
    assert not hasattr(pyvtysh, "disconnect")


async def _entered(router: pyvtysh.AsyncRouter) -> None:
    async with router:
        pass


class Silent:
    """A zebra that takes `enable` and never answers another line, until it is told to."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[bytes] = []
        self.ended = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "zebra.vty"))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for _ in range(2):
            connection, _ = self._listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(bytes(4))
                while data := connection.recv(100):
                    self.heard.append(data)
                    if len(self.heard) > 1:
                        connection.sendall(b"here\0\0\0\0")
            self.ended.set()

    def close(self) -> None:
        self._thread.join(10)
        self._listener.close()


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Silent]:
    made = Silent(tmp_path)
    yield made
    made.close()


def test_a_daemon_that_is_silent_is_lost(tmp_path: Path, silent: Silent) -> None:
    with pyvtysh.connect(str(tmp_path), config_dir=str(tmp_path), timeout=0.1) as router:
        with pytest.raises(pyvtysh.LostError, match="lost zebra: timed out") as lost:
            router.show("interface")
        assert (lost.value.line, lost.value.daemon) == ("show interface", "zebra")
        assert router.show("interface") == "here"  # by a connection of its own
    assert silent.heard == [b"show interface\0"] * 2


def test_a_task_that_is_cancelled_gives_its_line_up(tmp_path: Path, silent: Silent) -> None:
    async def steps() -> None:
        async with pyvtysh.connect_async(str(tmp_path), config_dir=str(tmp_path)) as router:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await router.show("interface")
            assert await asyncio.to_thread(silent.ended.wait, 5)
            assert await router.show("interface") == "here"

    asyncio.run(asyncio.wait_for(steps(), 10))
