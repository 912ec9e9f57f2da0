"""The command lines of zebra, bgpd, staticd, bfdd (FRR 8.4.4's options) and of pyvtysh."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from grammar.base.log import Level
from pyvtysh.host.errors import RefusedError, UsageError
from pyvtysh.host.getopts import OptionError, options_of
from pyvtysh.host.usage import PROFILES

DAEMONS = ("zebra", "staticd", "bgpd", "bfdd")
"""The daemons that there are, in the order in which they start."""

TAGS = {
    "zebra": "ZEBRA",
    "bgpd": "BGP",
    "staticd": "STATIC",
    "bfdd": "BFD",
    "watchfrr": "WATCHFRR",
}
"""How each is named in its log."""

BGP_PORT = 179
MULTIPATH = 256
_OWN = "/tmp/pyvtysh"  # refused if it is another user's  # noqa: S108  # nosec B108
CONFIG_DIR = "/etc/frr"
VIEWERS = "frrview"
LOCALHOST = "127.0.0.1"
MODULE_DIR = "/usr/lib/x86_64-linux-gnu/frr/modules"

_MODULES = {
    "zebra": {"fpm", "irdp", "cumulus_mlag", "dplane_fpm_nl", "snmp"},
    "bgpd": {"bmp", "rpki", "snmp"},
}
_LEVELS = tuple(level.name.lower() for level in Level)
_ECMP = {"bgpd": ("KEJ3H-QK5EG", 33554462), "zebra": ("TBP6M-KEQ3K", 4043309095)}


@dataclass(slots=True)
class Options:
    """What a command line says; directories already carry the path space.

    `multipath` is the number of next hops of `-e`; `fds` that of `--limit-fds`, 0 for no limit;
    `instance` and `send_buffer` are bgpd's `-I` and `-s`.
    """

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
    view_group: str = VIEWERS
    """Who is in it may look, and no more."""
    profile: str | None = None
    graceful_restart: int = 0
    """Seconds that zebra keeps an earlier zebra's routes (`-K`)."""
    modules: list[str] = field(default_factory=list)
    module_dir: str = MODULE_DIR
    multipath: int = MULTIPATH
    instance: int = 0
    send_buffer: int = 0
    fds: int = 0
    vrf_name: str = ""
    log: dict[str, str | None] = field(default_factory=dict)
    """Targets of `--log`: `stdout`, `syslog`, or `file` with its path."""
    log_level: Level = Level.DEBUGGING
    memory: list[str] = field(default_factory=list)
    wire: Path | None = None
    metrics: tuple[str, int] | None = None
    """Address and port of `--metrics`."""
    log_json: bool = False
    """Log lines are JSON objects."""

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


def parse(program: str, arguments: list[str], called: str | None = None) -> Options:
    """Read the command line of a daemon or of `pyvtysh`; UsageError.

    `called` is how the program was called, for the C library's words.
    """
    try:
        found = options_of(program, arguments)
    except OptionError as error:
        raise UsageError(f"{called or program}: {error}") from None
    options = Options(program)
    level = "debugging"
    for key, value in found:
        if key == "log-level":
            level = value
        else:
            _take(options, key, value)
    if options.log:
        options.log_level = _level(level)
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
    return f"{base}/pyvtysh" if base else f"{_OWN}-{os.getuid()}"


_TEXTS = {
    "f": "config_file",
    "i": "pid_file",
    "z": "zserv",
    "u": "user",
    "g": "group",
    "o": "vrf_name",
    "view-group": "view_group",
    "config_dir": "config_dir",
    "moduledir": "module_dir",
}
_LISTS = {"l": "listen_on", "M": "modules", "memory": "memory"}
_NUMBERS = {"I": "instance", "K": "graceful_restart", "limit-fds": "fds"}
_ONCE = {
    "A": ("vty_address", "-A"),
    "N": ("pathspace", "-N/--pathspace"),
    "vty_socket": ("vty_dir", "--vty_socket"),
}


def _take(options: Options, key: str, value: str) -> None:
    if key in _TEXTS:
        setattr(options, _TEXTS[key], value)
    elif key in _LISTS:
        getattr(options, _LISTS[key]).append(value)
    elif key in _NUMBERS:
        setattr(options, _NUMBERS[key], _atoi(value))
    elif key in _ONCE:
        _take_once(options, key, value)
    elif key == "metrics":
        options.metrics = _metrics(value)
    elif key == "log-format":
        options.log_json = _is_json(value)
    else:
        _take_other(options, key, value)


def _take_once(options: Options, key: str, value: str) -> None:
    name, spelled = _ONCE[key]
    if getattr(options, name):
        raise UsageError(f"{spelled} option specified more than once!")
    if key == "N" and ("/" in value or "." in value):
        raise UsageError("slashes or dots are not permitted in the --pathspace option.")
    setattr(options, name, value)


def _take_other(options: Options, key: str, value: str) -> None:
    match key:
        case "P":
            options.vty_port = _vty_port(value)
        case "p":
            port = _atoi(value)  # bgpd takes what is no port for its default
            options.bgp_port = port if 0 <= port <= 65535 else None
        case "e":
            options.multipath = _multipath(options.program, value)
        case "s":
            options.send_buffer = _atoi(value)
        case "K":
            options.graceful_restart = _atoi(value)
        case "F":
            options.profile = _profile(value)
        case "log":
            _log(options, value)
        case "wire":
            options.wire = Path(value)
        case _:
            options.flags.add(key)


def _atoi(value: str) -> int:
    """The number at the start of a text, 0 without one, as the C library reads it."""
    found = re.match(r"\s*[+-]?\d+", value, re.ASCII)
    return int(found[0]) if found else 0


def _vty_port(value: str) -> int:
    if value.startswith("0"):
        return 0
    try:
        return int(value, 0)
    except ValueError:
        raise UsageError(f'invalid port number "{value}" for -P option') from None


def _metrics(value: str) -> tuple[str, int]:
    """`PORT`, then of this machine only, or `ADDRESS:PORT`; an IPv6 address may be in brackets."""
    address, _, port = value.rpartition(":")
    address = address.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdigit() and int(port) <= 65535):
        raise UsageError(f'invalid port number "{port}" for --metrics option')
    return address or LOCALHOST, int(port)


def _is_json(value: str) -> bool:
    if value not in ("frr", "json"):
        raise UsageError(f'invalid log format "{value}"; there are frr and json')
    return value == "json"


def _multipath(program: str, value: str) -> int:
    wanted = _atoi(value)
    if 1 <= wanted <= MULTIPATH:
        return wanted
    from pyvtysh.host.log import early_line

    text = "Multipath Number specified must be less than 256 and greater than 0"
    ident, category = _ECMP[program]
    raise RefusedError(early_line("", text, ident, category))


def _profile(value: str) -> str:
    if value not in PROFILES:
        # FRR marks the default one.
        known = "".join(f"\n {'*' if name == PROFILES[0] else ' '} {name}" for name in PROFILES)
        raise UsageError(
            f'The "{value}" configuration profile is not valid for this FRR version.\n'
            f"Available profiles are:{known}\n"
        )
    return value


def _log(options: Options, value: str) -> None:
    kind, _, path = value.partition(":")
    if kind == "monitor" and path:  # a log for a program that holds the other end
        if not path.isdigit():
            raise RefusedError(f'invalid monitor fd "{path}"')
        return
    if kind not in ("stdout", "syslog", "file"):
        raise RefusedError(f'invalid log target "{kind}" ("{value}")')
    if kind != "file" or path:
        options.log[kind] = path if kind == "file" else None


def _level(value: str) -> Level:
    for name in _LEVELS:
        if value and name.startswith(value):
            return Level[name.upper()]
    raise RefusedError(f'invalid log level "{value}"')


def missing_module(options: Options) -> str | None:
    """What FRR says of the first module of `-M` that there is none of; None if all are known.

    What FRR keeps in modules is a part of ours or not there at all; the names are taken.
    """
    name = options.program
    for module in (given.partition(":")[0] for given in options.modules):
        if module.removeprefix(f"{name}_") not in _MODULES.get(name, set()):
            folder = options.module_dir
            files = (f"{folder}/{name}_{module}.so", f"{folder}/{module}.so", module)
            return "\n".join(
                f"frr_init: loader error: dlopen({file}): {file}:"
                " cannot open shared object file: No such file or directory"
                for file in files
            )
    return None
