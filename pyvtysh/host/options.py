"""The command lines of zebra, bgpd, staticd (FRR 8.4.4's options) and of pyvtysh."""

import getopt
import os
from dataclasses import dataclass, field
from pathlib import Path

from grammar.base.log import Level
from grammar.base.values import Address
from pyvtysh.host.errors import UsageError
from pyvtysh.host.usage import PROFILES

DAEMONS = ("zebra", "staticd", "bgpd")
"""The daemons that there are, in the order in which they start."""

BGP_PORT = 179

_COMMON = "hvdM:F:N:o:f:Ctu:g:i:z:A:P:"
SHORT = {
    "zebra": _COMMON + "bae:rK:s:n",
    "bgpd": _COMMON + "p:l:SnZe:I:s:",
    "staticd": _COMMON,
    "pyvtysh": "hvdM:F:N:u:g:i:z:A:P:p:l:r",
}
_COMMON_LONG = {
    "help": "h",
    "version": "v",
    "daemon": "d",
    "module=": "M",
    "profile=": "F",
    "pathspace=": "N",
    "vrfdefaultname=": "o",
    "config_file=": "f",
    "dryrun": "C",
    "terminal": "t",
    "user=": "u",
    "group=": "g",
    "pid_file=": "i",
    "socket=": "z",
    "vty_addr=": "A",
    "vty_port=": "P",
    "skip_runas": "S",
    "vty_socket=": "vty_socket",
    "config_dir=": "config_dir",
    "log=": "log",
    "log-level=": "log-level",
    "moduledir=": "ignored",
    "scriptdir=": "ignored",
    "limit-fds=": "ignored",
    "tcli": "ignored",
    "command-log-always": "command-log-always",
}
LONG = {
    "zebra": {
        "batch": "b",
        "allow_delete": "a",
        "ecmp=": "e",
        "retain": "r",
        "graceful_restart=": "K",
        "asic-offload=": "ignored",
        "nl-bufsize=": "s",
        "vrfwnetns": "n",
        "v6-rr-semantics": "ignored",
    },
    "bgpd": {
        "bgp_port=": "p",
        "listenon=": "l",
        "no_kernel": "n",
        "no_zebra": "Z",
        "ecmp=": "e",
        "int_num=": "I",
        "socket_size=": "s",
    },
    "staticd": {},
    "pyvtysh": {
        "bgp_port=": "p",
        "listenon=": "l",
        "retain": "r",
        "memory=": "memory",
        "wire=": "wire",
        "no-shell": "no-shell",
    },
}
_LEVELS = {
    "emergencies": Level.EMERGENCIES,
    "alerts": Level.ALERTS,
    "critical": Level.CRITICAL,
    "errors": Level.ERRORS,
    "warnings": Level.WARNINGS,
    "notifications": Level.NOTIFICATIONS,
    "informational": Level.INFORMATIONAL,
    "debugging": Level.DEBUGGING,
}


CONFIG_DIR = "/etc/frr"


@dataclass(slots=True)
class Options:
    """What a command line says; directories already carry the path space."""

    program: str
    flags: set[str] = field(default_factory=set)
    config_file: str | None = None
    config_dir: str = CONFIG_DIR
    run_dir: str = "/var/run/frr"
    vty_dir: str = ""
    pid_file: str | None = None
    zserv: str | None = None
    pathspace: str = ""
    vty_address: str = ""
    vty_port: int | None = None
    bgp_port: int | None = None
    listen_on: list[str] = field(default_factory=list)
    user: str | None = None
    group: str | None = None
    profile: str | None = None
    module: str | None = None
    log: dict[str, str | None] = field(default_factory=dict)
    """Targets of `--log`: `stdout`, `syslog`, or `file` with its path."""
    log_level: Level = Level.DEBUGGING
    memory: list[str] = field(default_factory=list)
    wire: Path | None = None

    def own_config(self, daemon: str) -> Path:
        """The file that a daemon reads and writes."""
        if self.config_file is not None and self.program == daemon:
            return Path(self.config_file)
        return Path(self.config_dir, f"{daemon}.conf")

    def vty_path(self, daemon: str) -> str:
        """The vty socket of a daemon."""
        return f"{self.vty_dir}/{daemon}.vty"

    def pid_path(self, daemon: str) -> str:
        """The pid file of a daemon."""
        if self.pid_file is not None and daemon == self.program:
            return self.pid_file
        return f"{self.run_dir}/{daemon}.pid"

    @property
    def zserv_path(self) -> str:
        """zebra's socket."""
        return self.zserv or f"{self.run_dir}/zserv.api"

    @property
    def bgp_listen_port(self) -> int:
        """The port for BGP, 0 for none."""
        return BGP_PORT if self.bgp_port is None else self.bgp_port

    @property
    def in_background(self) -> bool:
        """`-d`."""
        return "d" in self.flags


def parse(program: str, arguments: list[str]) -> Options:
    """Read the command line of a daemon or of `pyvtysh`; UsageError."""
    longs = _COMMON_LONG | LONG[program]
    try:
        found, rest = getopt.gnu_getopt(arguments, SHORT[program], list(longs))
    except getopt.GetoptError as error:
        raise UsageError(f"{program}: {_complaint(error)}") from None
    if rest:
        raise UsageError(f"{program}: unexpected argument '{rest[0]}'")
    options = Options(program)
    keys = {f"--{name.rstrip('=')}": key for name, key in longs.items()}
    for given, value in found:
        _take(options, keys.get(given, given.lstrip("-")), value)
    _settle(options)
    return options


def _settle(options: Options) -> None:
    below = f"/{options.pathspace}" if options.pathspace else ""
    options.config_dir += below
    given_dir = options.vty_dir
    if options.program == "pyvtysh":
        options.run_dir = given_dir or _writable_run_dir(options.run_dir)
    options.run_dir += below
    options.vty_dir = given_dir + below if given_dir else options.run_dir


def _writable_run_dir(usual: str) -> str:
    """`usual`, or for users who may not write there a folder of their own."""
    if os.geteuid() == 0 or os.access(usual, os.W_OK):
        return usual
    return own_run_dir()


def own_run_dir() -> str:
    """Where `pyvtysh` of a user without rights keeps its sockets."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    return f"{base}/pyvtysh" if base else f"/tmp/pyvtysh-{os.getuid()}"


_TEXTS = {
    "f": "config_file",
    "i": "pid_file",
    "z": "zserv",
    "u": "user",
    "g": "group",
    "M": "module",
    "config_dir": "config_dir",
    "vty_socket": "vty_dir",
}


def _take(options: Options, key: str, value: str) -> None:
    if key in _TEXTS:
        setattr(options, _TEXTS[key], value)
        return
    match key:
        case "P":
            options.vty_port = _number(value, "port", key)
        case "p":
            options.bgp_port = _number(value, "port", key)
        case "A":
            options.vty_address = _address(value, key)
        case "l":
            options.listen_on.append(_address(value, key))
        case "N":
            options.pathspace = _pathspace(value)
        case "F":
            options.profile = _profile(value)
        case "log":
            _log(options, value)
        case "log-level":
            options.log_level = _level(value)
        case _:
            _take_more(options, key, value)


def _take_more(options: Options, key: str, value: str) -> None:
    match key:
        case "memory":
            options.memory.append(value)
        case "wire":
            options.wire = Path(value)
        case _:
            options.flags.add(key)


def _number(value: str, what: str, key: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= 65535):
        raise UsageError(f'invalid {what} number "{value}" for -{key} option')
    return int(value)


def _address(value: str, key: str) -> str:
    try:
        return str(Address.parse(value))
    except ValueError:
        raise UsageError(f'invalid address "{value}" for -{key} option') from None


def _pathspace(value: str) -> str:
    if "/" in value or "." in value:
        raise UsageError("slashes or dots are not permitted in the --pathspace option.")
    return value


def _profile(value: str) -> str:
    if value not in PROFILES:
        known = "".join(f"\n * {name}" for name in PROFILES)
        raise UsageError(
            f'The "{value}" configuration profile is not valid for this FRR version.\n'
            f"Available profiles are:{known}"
        )
    return value


def _log(options: Options, value: str) -> None:
    kind, colon, path = value.partition(":")
    if kind == "file" and path:
        options.log["file"] = path
    elif kind in ("stdout", "syslog") and not colon:
        options.log[kind] = None
    else:
        raise UsageError(f'invalid log target "{kind}" ("{value}")')


def _level(value: str) -> Level:
    for name, level in _LEVELS.items():
        if value and name.startswith(value):
            return level
    raise UsageError(f'invalid log level "{value}"')


def _complaint(error: getopt.GetoptError) -> str:
    option = error.opt
    long = len(option) > 1
    if "requires argument" in error.msg:
        return (
            f"option '--{option}' requires an argument"
            if long
            else f"option requires an argument -- '{option}'"
        )
    if "must not have" in error.msg:
        return f"option '--{option}' doesn't allow an argument"
    if "not a unique" in error.msg:
        return f"option '--{option}' is ambiguous"
    return f"unrecognized option '--{option}'" if long else f"invalid option -- '{option}'"
