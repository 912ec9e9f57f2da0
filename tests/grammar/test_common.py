"""The lines that every daemon takes, against what FRR 8.4.4 answered and printed."""

from collections.abc import Iterable

import pytest

from grammar.base.errors import Status
from grammar.base.log import Level, Monitor
from grammar.common.password import opens, sealed
from grammar.session import Session
from tests.grammar.toy import Farm


class Recorder:
    """A process that remembers."""

    def __init__(self) -> None:
        self.changes = 0
        self.messages: list[tuple[Level, str]] = []
        self.refuse = False
        self.written: list[str] | None = None
        self.path: str | None = None

    def log_changed(self) -> None:
        self.changes += 1
        if self.refuse:
            self.refuse = False
            raise PermissionError(13, "Permission denied", "/nope/x.log")

    def log(self, level: Level, text: str) -> None:
        self.messages.append((level, text))

    def monitor(self) -> Monitor | None:
        return None

    def report(self, topic: str) -> Iterable[str]:
        return [f"report on {topic}\n"]

    def save(self, lines: Iterable[str]) -> str:
        self.written = list(lines)
        if self.path is None:
            raise FileNotFoundError
        return self.path

    def saved(self) -> Iterable[str]:
        return self.written or ()


@pytest.fixture
def farm() -> Farm:
    farm = Farm()
    farm.common.process = Recorder()
    return farm


def run(farm: Farm, *lines: str) -> tuple[str, int]:
    """Type lines after `configure terminal`; the last answer."""
    session = Session(farm)
    for line in ("enable", "configure terminal", *lines):
        reply = session.execute(line)
        text, status = "".join(reply.output), int(reply.status)
    return text, status


def printed(farm: Farm) -> list[str]:
    """What stands between the host name and the end of the shared lines."""
    lines = list(Session(farm).config_lines())
    assert lines[:3] == ["frr version 8.4.4", "frr defaults traditional", "!"]
    return [line for line in lines[3:] if line not in ("!", "hostname farm")]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("log stdout debugging", ["log stdout"]),
        ("log stdout informational", ["log stdout informational"]),
        ("log syslog debugging", ["log syslog"]),
        ("log file /var/log/x.log errors", ["log file /var/log/x.log errors"]),
        ("log facility local3", ["log facility local3"]),
        ("log record-priority", ["log record-priority"]),
        ("log timestamp precision 6", ["log timestamp precision 6"]),
        ("log unique-id", []),
        ("no log unique-id", ["no log unique-id"]),
        ("log commands", ["log commands"]),
        ("log immediate-mode", []),
        ("domainname example.org", ["domainname example.org"]),
        ("allow-reserved-ranges", ["allow-reserved-ranges"]),
        ("password secret", ["password secret"]),
        ("enable password secret", ["enable password secret"]),
        ("service advanced-vty", ["service advanced-vty"]),
        ("service terminal-length 30", ["service terminal-length 30"]),
        ("service cputime-stats", []),
        ("no service cputime-stats", ["no service cputime-stats"]),
        ("service cputime-warning 5000", []),
        ("service cputime-warning 5", ["service cputime-warning 5000"]),
        ("no service walltime-warning 5", ["no service walltime-warning"]),
        ("banner motd line Hello there", ["banner motd line Hello there"]),
        ("no banner motd", ["no banner motd"]),
        ("debug memstats-at-exit", ["debug memstats-at-exit"]),
        ("debug vrf", ["debug vrf"]),
        ("debug northbound events", ["debug northbound events"]),
        ("debug northbound callbacks state", ["debug northbound callbacks state"]),
    ],
)
def test_lines_print_as_in_frr(farm: Farm, typed: str, lines: list[str]) -> None:
    assert run(farm, typed)[1] == 0
    assert printed(farm) == lines


def test_line_vty_prints_what_differs(farm: Farm) -> None:
    run(farm, "line vty", "exec-timeout 5", "no login", "access-class A")
    assert printed(farm) == [
        "line vty",
        " access-class A",
        " exec-timeout 5 0",
        " no login",
        "exit",
    ]
    run(farm, "line vty", "exec-timeout 10 0", "login", "no access-class")
    assert printed(farm) == []
    run(farm, "line vty", "no exec-timeout")
    assert printed(farm) == ["line vty", " exec-timeout 0 0", "exit"]


def test_hostname_and_its_removal(farm: Farm) -> None:
    run(farm, "hostname a.b.c")
    assert "hostname a.b.c" in list(Session(farm).config_lines())
    run(farm, "no hostname")
    assert not any(line.startswith("hostname") for line in Session(farm).config_lines())


def test_an_unknown_profile_is_refused(farm: Farm) -> None:
    assert run(farm, "frr defaults nice") == (
        "% WARNING: profile nice is not known in this version\n",
        Status.WARNING,
    )
    assert run(farm, "frr defaults datacenter") == ("", 0)
    assert farm.common.profile == "datacenter"


def test_passwords_are_sealed_on_demand(farm: Farm) -> None:
    run(farm, "password secret", "service password-encryption", "enable password more")
    assert farm.common.password is not None
    assert farm.common.enable_password is not None
    for stored, right in ((farm.common.password, "secret"), (farm.common.enable_password, "more")):
        assert right not in stored
        assert opens(right, stored)
        assert not opens("wrong", stored)
    assert not opens("x", "8 nonsense")
    assert sealed("a") != sealed("a")


def test_a_log_file_that_cannot_be_opened_is_refused_and_kept(farm: Farm) -> None:
    assert isinstance(farm.common.process, Recorder)
    farm.common.process.refuse = True
    assert run(farm, "log file /nope/x.log") == (
        "can't open logfile /nope/x.log\n",
        Status.CONFIG_FAILED,
    )
    assert printed(farm) == ["log file /nope/x.log"]
    assert run(farm, "log stdout errors") == ("", Status.SUCCESS)


def test_show_logging_is_frrs(farm: Farm) -> None:
    assert run(farm, "do show logging")[0] == (
        "Syslog logging: disabled\nStdout logging: disabled\nFile logging: disabled\n"
        "Protocol name: FARM\nRecord priority: disabled\nTimestamp precision: 0\n"
    )
    text, _ = run(
        farm,
        "log syslog informational",
        "log file /x debugging",
        "log timestamp precision 3",
        "do show logging",
    )
    assert text == (
        "Syslog logging: level informational, facility daemon, ident farmd\n"
        "Stdout logging: disabled\nFile logging: level debugging, filename /x\n"
        "Protocol name: FARM\nRecord priority: disabled\nTimestamp precision: 3\n"
    )


def test_show_version_begins_as_programs_expect(farm: Farm) -> None:
    lines = run(farm, "do show version")[0].splitlines()
    assert lines[0] == "FRRouting 8.4.4 (farm) on Linux(6.1)."
    assert len(lines) == 4


def test_logmsg_echo_and_reports(farm: Farm) -> None:
    assert isinstance(farm.common.process, Recorder)
    assert run(farm, "do logmsg errors it  burns") == ("", 0)
    assert farm.common.process.messages == [(Level.ERRORS, "it burns")]
    assert run(farm, "do echo PING") == ("PING\n", 0)
    assert run(farm, "do show memory") == ("report on memory\n", 0)
    assert run(farm, "log monitor")[0] == '% "log monitor" is deprecated and does nothing.\n'


def test_write_saves_or_says_why_not(farm: Farm) -> None:
    process = farm.common.process
    assert isinstance(process, Recorder)
    text = "Can't save to configuration file, using vtysh.\n"
    assert run(farm, "do write memory") == (text, Status.WARNING)
    process.path = "/etc/frr/farmd.conf"
    assert run(farm, "do write") == ("Configuration saved to /etc/frr/farmd.conf\n", 0)
    assert process.written is not None
    assert process.written[0] == "frr version 8.4.4"
    assert run(farm, "do show startup-config")[0].startswith("frr version 8.4.4\n")


def test_running_config_needs_no_do_in_any_node(farm: Farm) -> None:
    shown, _ = run(farm, "barn 4", "show running-config")
    assert shown == run(farm, "do write terminal")[0]
    assert shown.startswith("frr version 8.4.4\n")
    assert "barn 4\nexit\n!\n" in shown


def test_known_values_are_those_of_the_configuration(farm: Farm) -> None:
    run(
        farm,
        "barn 1",
        "animal lion kind cat",
        "animal 10.0.0.1 kind cow",
        "fence river",
        "barn 2",
        "animal lion kind dog",
    )
    assert run(farm, "do autocomplete 1 WORD animal") == ("lion\n", 0)
    assert run(farm, "autocomplete 3 A.B.C.D animal") == ("10.0.0.1\n", 0)
    assert run(farm, "do autocomplete 1 WORD place") == ("river\n", 0)
    assert run(farm, "do autocomplete 1 WORD nothing") == ("", 0)
