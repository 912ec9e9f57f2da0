"""The options of vtysh, as FRR 8.4.4 takes them."""

import getopt
import sys
from dataclasses import dataclass, field

JSON_ERRORS = "--json-errors"
READ_ONLY = "--read-only"
LINT = "--lint"
"""As the first argument: check files, and take no other of these options."""
SHORT = "be:c:d:nf:H:mEhCwN:ut"
LONG = {
    "boot": "b",
    "eval=": "e",
    "command=": "c",
    "daemon=": "d",
    "vty_socket=": "vty_socket",
    "config_dir=": "config_dir",
    "inputfile=": "f",
    "histfile=": "H",
    "echo": "E",
    "dryrun": "C",
    "help": "h",
    "noerror": "n",
    "mark": "m",
    "markfile": "m",
    "writeconfig": "w",
    "pathspace=": "N",
    "user": "u",
    "timestamp": "t",
    "no-fork": "no_fork",
    READ_ONLY[2:]: READ_ONLY[2:],
    JSON_ERRORS[2:]: JSON_ERRORS[2:],
}
USAGE = """\
Usage : vtysh [OPTION...]

Shell for the daemons of a router (speaks like FRR 8.4.4).

-b, --boot               Load the integrated configuration into the daemons
-c, --command LINE       Run a line and exit; may be given several times
-d, --daemon NAME        Talk to this daemon only
-f, --inputfile FILE     Load the lines of a file and exit
-E, --echo               Show prompt and line ahead of each -c
-t, --timestamp          Show the time ahead of each -c
-n, --noerror            Neither output nor failure of -c counts
-C, --dryrun             Only check the syntax of a file or of lines
-m, --markfile           Print a file with its blocks closed by exit lines
    --vty_socket DIR     Where the daemons' sockets are (/var/run/frr)
    --config_dir DIR     Where the configuration is (/etc/frr)
-N  --pathspace NAME     A folder of this name below both
-u  --user               No privileged mode
-w, --writeconfig        Write the integrated configuration and exit
    --read-only          Look and change nothing (docs/shell.md)
    --lint FILE...       Say what is wrong in files (docs/shell.md); comes first
    --json-errors        What fails with -c, -f, -b or -w is told as JSON (docs/api.md)
-H, --histfile FILE      Where typed lines are kept
-h, --help               This text

Several lines may be given by several -c, or with newlines in one.
"""


class UsageError(Exception):
    """The command line is wrong; the text is complete."""


@dataclass(slots=True)
class Options:
    """What the command line says."""

    commands: list[str] = field(default_factory=list)
    file: str | None = None
    daemon: str | None = None
    vty_socket: str = "/var/run/frr"
    config_dir: str = "/etc/frr"
    histfile: str | None = None
    pathspace: str = ""
    flags: set[str] = field(default_factory=set)
    warning: str = ""


def parse(arguments: list[str]) -> Options:
    """Read the command line; UsageError."""
    try:
        found, _ = getopt.gnu_getopt(arguments, SHORT, list(LONG))
    except getopt.GetoptError as error:
        raise UsageError(_complaint(error)) from None
    options = Options()
    longs = {f"--{name.rstrip('=')}": key for name, key in LONG.items()}
    for given, value in found:
        _take(options, longs.get(given, given.lstrip("-")), value)
    if options.pathspace:
        options.vty_socket += f"/{options.pathspace}"
        options.config_dir += f"/{options.pathspace}"
    _check(options)
    return options


def _take(options: Options, key: str, value: str) -> None:
    match key:
        case "c" | "e":
            options.commands += value.split("\n")
        case "f":
            options.file = value
        case "d":
            options.daemon = value
        case "N":
            options.pathspace = _pathspace(value)
        case "vty_socket":
            options.vty_socket = value
        case "config_dir":
            options.config_dir = value
        case "H":
            options.histfile = value
        case _:
            options.flags.add(key)


def _pathspace(value: str) -> str:
    if "/" in value or "." in value:
        raise UsageError("slashes or dots are not permitted in the --pathspace option.\n")
    return value


def _check(options: Options) -> None:
    if len(options.flags & {"b", "C", "m", "w"}) > 1:
        raise UsageError(
            "Invalid combination of arguments.  Please specify at most one of:\n\t-b, -C, -m, -w\n"
        )
    if options.file is not None and options.flags & {"b", "w"}:
        options.warning = (
            "WARNING: Combinining the -f option with -b or -w is NOT SUPPORTED since its\n"
            "results are inconsistent!\n"
        )
    if "m" in options.flags and options.file is None:
        raise UsageError("-f option MUST be specified with -m option\n")


def _complaint(error: getopt.GetoptError) -> str:
    """What the C library's getopt says of the same words."""
    option = error.opt
    long = "option --" in error.msg
    if "requires argument" in error.msg:
        text = f"option requires an argument -- '{option}'"
        if long:
            text = f"option '--{option}' requires an argument"
    elif "must not have an argument" in error.msg:
        text = f"option '--{option}' doesn't allow an argument"
    elif "not a unique prefix" in error.msg:
        begun = [f"'--{name.rstrip('=')}'" for name in LONG if name.startswith(option)]
        text = f"option '--{option}' is ambiguous; possibilities: {' '.join(begun)}"
    elif long:
        text = f"unrecognized option '--{option}'"
    else:
        text = f"invalid option -- '{option}'"
    return f"{sys.argv[0]}: {text}\nTry `vtysh --help' for more information.\n"
