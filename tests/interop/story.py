"""The guide from an empty router to a lost peer, as steps: what is done, then what is asked.

The same story is told by the real FRR and by ours; `test_scenario_frr` compares every answer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import ABSENT, ADDRESS, GUIDE, PEER, SoftRouter
from tests.support.wait import until


@dataclass(frozen=True, slots=True)
class Ask:
    """One run of vtysh: the arguments of its `-c`, or lines on its standard input."""

    commands: tuple[str, ...] = ()
    stdin: str | None = None

    @property
    def title(self) -> str:
        return " / ".join(self.commands) if self.stdin is None else f"< {self.stdin!r}"

    def put(self, router: Router) -> str:
        """The router's answer as a transcript."""
        words = [word for command in self.commands for word in ("-c", command)]
        return router.vtysh_run(*words, stdin=self.stdin).text


def nothing(_: SoftRouter) -> None:
    """Do nothing before the questions."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the router: how it comes about, and what is asked then.

    No step asks for the details of a neighbor after a refresh: when FRR answers one while routes
    are still on their way, the counts of messages are a matter of luck.
    """

    name: str
    questions: tuple[Ask, ...]
    act: Callable[[SoftRouter], None] = nothing


def each(*lines: str) -> tuple[Ask, ...]:
    """One run of vtysh per line."""
    return tuple(Ask((line,)) for line in lines)


def both(*lines: str) -> tuple[Ask, ...]:
    """One run per line in text and one in JSON."""
    return tuple(Ask((form,)) for line in lines for form in (line, f"{line} json"))


def config(*lines: str) -> Ask:
    """The lines typed in one run after `configure terminal`."""
    return Ask(("configure terminal", *lines))


def bgp(*lines: str) -> Ask:
    """The lines typed in one run within `router bgp 65001`."""
    return config("router bgp 65001", *lines)


def wait_for_count(scenario: SoftRouter, key: str, least: int) -> None:
    """Wait until the router's message statistics for n102 show at least this count."""

    def count() -> int:
        shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
        return int(shown[PEER]["messageStats"][key])

    until(lambda: count() >= least, 10, f"{key} of at least {least}")


TABLES = both(
    "show ip bgp",
    f"show ip bgp {ADDRESS}",
    f"show ip bgp {ADDRESS}/32",
    "show ip bgp 172.19.0.1",
    "show ip bgp 172.19.0.0/16 longer-prefixes",
    "show ip bgp 172.19.0.0/16 longer",
    "show ip bgp 10.0.0.0/8 longer-prefixes",
    "show ip bgp summary",
    "show ip bgp summary established",
    "show ip bgp summary failed",
    "show ip bgp neighbor",
    f"show ip bgp neighbor {PEER}",
    f"show ip bgp neighbor {ABSENT}",
    *(
        f"show ip bgp neighbor {address} {what}"
        for address in (PEER, ABSENT, "192.168.122.200")
        for what in ("advertised-routes", "received-routes", "routes")
    ),
    "show ip route",
    f"show ip route {ADDRESS}",
    f"show ip route {ADDRESS}/32",
    "show ip route 10.9.9.9",
    "show ip route 192.168.122.5",
    "show ip route 172.19.0.0/16 longer-prefixes",
    "show ip route bgp",
    "show ip route connected",
    "show ip route kernel",
    "show ip route static",
    "show ip route summary",
    "show interface",
    "show interface virbr0",
)
CONFIGURATION = each("show running-config", "show debugging")
SUMMARY = both("show ip bgp", "show ip bgp summary", f"show ip bgp neighbors {PEER}")
STATE = (*both("show ip bgp", "show ip bgp summary", "show ip route"), *CONFIGURATION)


SESSION = """\
conf t
router bgp 65001
neighbor 192.168.122.101 description absent
do show running-config
end
show ip bgp summary
configure terminal
router bgp 65001
no neighbor 192.168.122.101 description
exit
exit
exit
"""
MISTAKES = """\
conf t
foo bar
router bgp 65001
neighbor 1.2.3
show ip bgp
neighbor 192.168.122.9
address-family ipv4 unicast
exit-address-family
address-family ipv4 unicast
end

! a remark
show ip
disable
conf t
show ip bgp summary
enable
quit
"""


def start(scenario: SoftRouter) -> None:
    scenario.node.start()
    scenario.router.start()


def type_guide(scenario: SoftRouter) -> None:
    scenario.type_guide()
    scenario.converge()


def store_incoming(scenario: SoftRouter) -> None:
    family = ("router bgp 65001", "address-family ipv4 unicast")
    scenario.router.configure(*family, f"neighbor {PEER} soft-reconfiguration inbound")
    received = f"show ip bgp neighbors {PEER} received-routes"
    until(lambda: ADDRESS in scenario.router.show(received), 10, "received-routes shows the routes")


def forget_incoming(scenario: SoftRouter) -> None:
    family = ("router bgp 65001", "address-family ipv4 unicast")
    scenario.router.configure(*family, f"no neighbor {PEER} soft-reconfiguration inbound")


def refresh(scenario: SoftRouter) -> None:
    """One ROUTE-REFRESH, answered between the two marks of RFC 7313."""
    before = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
    count = int(before[PEER]["messageStats"]["routeRefreshRecv"])
    assert scenario.router.vtysh(f"clear bgp {PEER} soft in").exit == 0
    wait_for_count(scenario, "routeRefreshRecv", count + 2)


def quieten(scenario: SoftRouter) -> None:
    """Wait until no refresh is under way: nothing is stale, and the counts stand still."""
    seen: list[object] = [None, None, None]

    def still() -> bool:
        shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))
        seen.append(shown[PEER]["messageStats"])
        best = scenario.router.show("show ip bgp").count("\n*> ")
        return best == 2 and seen[-1] == seen[-2] == seen[-3]

    until(still, 10, "no refresh under way", interval=0.2)


def reset(scenario: SoftRouter) -> None:
    assert scenario.router.vtysh("clear bgp *").exit == 0
    until(lambda: established(scenario) == 2, 20, "the second session")
    scenario.converge()


def established(scenario: SoftRouter) -> int:
    shown = json.loads(scenario.router.show(f"show ip bgp neighbors {PEER} json"))[PEER]
    return int(shown["connectionsEstablished"]) if shown["bgpState"] == "Established" else 0


def lose(scenario: SoftRouter) -> None:
    scenario.node.stop("bgpd")
    kernel = scenario.router.namespace
    until(lambda: not kernel.ip("route", "list", "proto", "bgp"), 10, "no BGP route in the kernel")
    states = f"show ip bgp neighbors {PEER}"
    until(lambda: "BGP state = Active" in scenario.router.show(states), 10, "Active")


def come_back(scenario: SoftRouter) -> None:
    scenario.node.start("bgpd")
    scenario.converge()


def add_statics(scenario: SoftRouter) -> None:
    scenario.converge()
    scenario.router.configure(
        "ip route 10.50.0.0/16 192.168.122.50",
        "ip route 10.51.0.0/16 blackhole",
        "ip route 10.52.0.0/16 192.168.122.50 77",
    )
    static = "show ip route static"
    until(lambda: scenario.router.show(static).count("S>*") == 3, 10, "three static routes")


def boot(scenario: SoftRouter) -> None:
    """Start again with the guide's folder, but for the lines that FRR's bgpd does not read."""
    scenario.router.stop()
    for path in scenario.router.config.iterdir():
        path.unlink()
    lines = [line for line in GUIDE.splitlines(keepends=True) if "zebra" not in line]
    scenario.router.write("daemons", "bgpd=yes\n")
    scenario.router.write("vtysh.conf", "")
    scenario.router.write("bgpd.conf", "".join(lines))
    scenario.router.start()
    scenario.converge()


STEPS = (
    Step(
        "empty",
        (
            *both("show ip bgp", "show ip bgp summary", "show ip bgp neighbors"),
            *both("show ip route", "show ip route bgp", "show ip route summary"),
            *each("show version", "show ip forwarding", "show ipv6 forwarding"),
            *CONFIGURATION,
            *each("clear bgp *", "clear ip bgp *", f"clear bgp {PEER}"),
        ),
        start,
    ),
    Step(
        "typed",
        (
            *CONFIGURATION,
            *each("write terminal", "show running-config no-header", "show startup-config"),
            *each("show running-config bgpd", "show running-config zebra"),
            *TABLES,
            *each("show interface nosuch", "show ip route vrf nosuch"),
            config("do show ip bgp"),
            config("do show debugging"),
            bgp("do show ip bgp summary"),
            bgp("show ip bgp"),
            Ask(("conf t", "end", "show ip bgp")),
            Ask(("conf t", "exit", "show ip bgp")),
            Ask(("exit", "show ip bgp")),
            *each("sh ip b su", "quit", "end"),
            Ask(stdin=SESSION),
            Ask(stdin=MISTAKES),
        ),
        type_guide,
    ),
    Step(
        "refused",
        (
            *each("foo", "show foo", "show ip bgp foo", "show ip", "s", "show ip route 1.2.3"),
            config("foo"),
            config("router bgp"),
            config("router bgp 0"),
            config("router bgp 65002"),
            config("no router bgp 65002"),
            bgp("neighbor 192.168.122.9"),
            bgp("neighbor 192.168.122.9 timers 3 9"),
            bgp("neighbor 192.168.122.1 remote-as 64512"),
            bgp("neighbor 192.168.122.9 remote-as 0"),
            bgp("no neighbor 192.168.122.9"),
            bgp("bgp router-id 1.2.3"),
            config("no ip route 10.50.0.0/16 192.168.122.50"),
            config("ip route 10.50.0.0/16"),
            config("ip route 10.50.0.0/16 nosuch.name.example"),
            Ask(("foo", "show ip bgp")),
            *each("clear bgp", "clear bgp nosuch", "clear bgp 192.168.122.200", "clear bgp 7"),
            *each("clear ip bgp 192.168.122.200 soft in"),
            *STATE,
        ),
    ),
    Step(
        "debugging",
        (
            *each("debug bgp flowspec", "debug bgp", "debug bgp updates", "debug bgp keepalives"),
            *CONFIGURATION,
            config("no debug bgp updates"),
            *CONFIGURATION,
            *each("no debug bgp keepalives"),
            *CONFIGURATION,
            config("no debug bgp keepalives", "no debug zebra rib", "debug bgp flowspec"),
            *CONFIGURATION,
            *each("no debug bgp"),
            *CONFIGURATION,
        ),
    ),
    Step("reset", SUMMARY, reset),
    Step("lost", (*STATE, *both(f"show ip bgp neighbors {PEER}", f"show ip bgp {ADDRESS}")), lose),
    Step("returned", (*STATE, *both(f"show ip bgp neighbors {PEER}")), come_back),
    Step(
        "stored",
        (
            *both(f"show ip bgp neighbors {PEER} received-routes"),
            *both(f"show ip bgp neighbors {ABSENT} received-routes"),
            *both(f"show ip bgp neighbors {PEER} routes", "show ip bgp", "show ip bgp summary"),
            *CONFIGURATION,
            *each("clear bgp * soft in", "clear ip bgp * soft in"),
            *both(f"show ip bgp neighbors {PEER} received-routes"),
        ),
        store_incoming,
    ),
    Step("forgotten", (*both(f"show ip bgp neighbors {PEER} received-routes"),), forget_incoming),
    Step("refreshed", (*both("show ip bgp"), *CONFIGURATION), refresh),
    Step(
        "soft",
        (
            *each("clear bgp * soft", "clear bgp * soft out", "clear ip bgp * soft"),
            *each(*(f"clear ip bgp {PEER} soft{way}" for way in ("", " in", " out"))),
            *each(*(f"clear bgp {PEER} soft{way}" for way in ("", " in", " out"))),
            *each(f"clear bgp {ABSENT} soft in", "clear bgp 64512 soft"),
            *each("clear bgp ipv4 unicast * soft in", "clear bgp ipv6 unicast *"),
        ),
    ),
    Step("softened", both("show ip bgp", "show ip bgp summary", "show ip route bgp"), quieten),
    Step("reset of one", each(f"clear bgp {PEER}")),
    Step(
        "static",
        (
            *both("show ip route", "show ip route static", "show ip route summary"),
            *both("show ip route 10.51.0.0/16", "show ip route 10.52.1.1"),
            *CONFIGURATION,
            config("no ip route 10.50.0.0/16 192.168.122.50", "no ip route 10.51.0.0/16 blackhole"),
            *both("show ip route static"),
            config("no ip route 10.52.0.0/16 192.168.122.50 77"),
            config("no ip forwarding"),
            *each("show ip forwarding", "show running-config"),
            config("ip forwarding"),
            *each("show ip forwarding", "show running-config"),
            config("no ipv6 forwarding"),
            *each("show ipv6 forwarding", "show running-config"),
            config("ipv6 forwarding"),
        ),
        add_statics,
    ),
    Step(
        "booted",
        (
            *STATE,
            *each("show startup-config", "write", "write memory", "write file"),
            *each("copy running-config startup-config", "write integrated", "show startup-config"),
        ),
        boot,
    ),
    Step(
        "removed",
        (
            bgp(f"no neighbor {ABSENT}"),
            bgp(f"no neighbor {PEER} remote-as 64512"),
            *both("show ip bgp summary", "show ip bgp neighbors"),
            bgp("bgp ebgp-requires-policy", "no bgp router-id"),
            *CONFIGURATION,
            config("no router bgp 65001"),
            config("no router bgp 65001"),
            *STATE,
        ),
    ),
)


def tell(kind: str) -> dict[tuple[int, int], str]:
    """Live the story with the router of one kind: the answer to each command of each step.

    Folders of the laboratory are replaced by their role, since every run has its own.
    """
    answers = {}
    with Lab() as lab:
        scenario = SoftRouter(lab, kind)
        folders = {str(scenario.router.config): "<config>", str(scenario.router.run): "<run>"}
        for at, step in enumerate(STEPS):
            step.act(scenario)
            for number, question in enumerate(step.questions):
                text = question.put(scenario.router)
                for folder, role in folders.items():
                    text = text.replace(folder, role)
                answers[at, number] = text
    return answers
