"""`pyvtysh.connect`: lines and answers over vty sockets, errors that name line and daemon."""

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest

import pyvtysh
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

    asyncio.run(asyncio.wait_for(steps(), 30))


@pytest.mark.real
def test_a_daemon_that_comes_back_is_connected_to_again(daemons: Router) -> None:
    with pyvtysh.connect(str(daemons.run), config_dir=str(daemons.config)) as router:
        daemons.stop("staticd")
        with pytest.raises(pyvtysh.LostError, match="lost staticd") as lost:
            router.execute("configure terminal")
        assert (lost.value.daemon, lost.value.line) == ("staticd", "configure terminal")
        router.leave()
        assert router.daemons == ("zebra", "bgpd")
        assert "lo" in router.show("interface")
        daemons.start("staticd")
        assert "hostname" in router.show("running-config")
        assert router.daemons == ("zebra", "bgpd", "staticd")
