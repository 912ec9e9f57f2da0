"""The guide from an empty router to a lost peer, as steps: what is done, then what is asked.

The same story is told by the real FRR and by ours; `test_scenario_frr` compares every answer.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from tests.interop import deeds
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import ABSENT, ADDRESS, PASSIVE_NODE, PEER, SoftRouter


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
        try:
            return router.vtysh_run(*words, stdin=self.stdin).text
        except subprocess.TimeoutExpired as error:
            return f"no answer within {error.timeout} s\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the router: how it comes about, and what is asked then.

    No step asks for the details of a neighbor after a refresh: when FRR answers one while routes
    are still on their way, the counts of messages are a matter of luck.
    """

    name: str
    questions: tuple[Ask, ...]
    act: Callable[[SoftRouter], None] = deeds.nothing


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
        deeds.start,
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
        deeds.type_guide,
    ),
    Step(
        "refused",
        (
            *each("foo", "show foo", "show ip bgp foo", "show ip", "s", "show ip route 1.2.3"),
            config("foo"),
            config("show running-config"),
            config("write"),
            config("write terminal"),
            bgp("write"),
            config("banner motd default"),
            config("service terminal-length 10"),
            config("configure terminal"),
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
    Step("reset", SUMMARY, deeds.reset),
    Step(
        "lost",
        (*STATE, *both(f"show ip bgp neighbors {PEER}", f"show ip bgp {ADDRESS}")),
        deeds.lose,
    ),
    Step("returned", (*STATE, *both(f"show ip bgp neighbors {PEER}")), deeds.come_back),
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
        deeds.store_incoming,
    ),
    Step(
        "forgotten",
        (*both(f"show ip bgp neighbors {PEER} received-routes"),),
        deeds.forget_incoming,
    ),
    Step("refreshed", (*both("show ip bgp"), *CONFIGURATION), deeds.refresh),
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
    Step(
        "softened", both("show ip bgp", "show ip bgp summary", "show ip route bgp"), deeds.quieten
    ),
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
        deeds.add_statics,
    ),
    Step(
        "booted",
        (
            *STATE,
            *each("show startup-config", "write", "write memory", "write file"),
            *each("copy running-config startup-config", "write integrated", "show startup-config"),
        ),
        deeds.boot,
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


PATIENCE = 2


def _attempt(step: Step, scenario: SoftRouter) -> str:
    """Do what the step begins with; "" or how that failed."""
    try:
        step.act(scenario)
    except Exception as error:  # noqa: BLE001  told as the answer, so that the other steps go on
        return f"{step.name} did not come about: {error!r}\n{error}"
    return ""


def tell(kind: str) -> dict[tuple[int, int], str]:
    """Live the story with the router of one kind: the answer to each command of each step.

    Folders of the laboratory are replaced by their role, since every run has its own. When what
    a step begins with fails, that is the answer to its questions, and after `PATIENCE` such steps
    to all that follow.
    """
    answers = {}
    with Lab() as lab:
        scenario = SoftRouter(lab, kind, node_config=PASSIVE_NODE)
        folders = {str(scenario.router.config): "<config>", str(scenario.router.run): "<run>"}
        failures: list[str] = []
        for at, step in enumerate(STEPS):
            if len(failures) < PATIENCE:
                failure = _attempt(step, scenario)
                failures += [failure] if failure else []
            if failure:
                answers.update({(at, number): failure for number in range(len(step.questions))})
                continue
            for number, question in enumerate(step.questions):
                text = question.put(scenario.router)
                for folder, role in folders.items():
                    text = text.replace(folder, role)
                answers[at, number] = text
    return answers
