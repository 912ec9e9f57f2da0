"""Which options each program has, and how the C library words what is wrong with one."""

import getopt

_COMMON = "hvdM:F:N:o:f:Ctu:g:i:z:A:P:"
_SHORT = {
    "zebra": _COMMON + "bae:rK:s:n",
    "bgpd": _COMMON + "p:l:SnZe:I:s:",
    "staticd": _COMMON,
    "bfdd": _COMMON,
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
    "vty_socket=": "vty_socket",
    "moduledir=": "moduledir",
    "scriptdir=": "ignored",
    "log=": "log",
    "log-level=": "log-level",
    "command-log-always": "command-log-always",
    "limit-fds=": "limit-fds",
    "config_file=": "f",
    "dryrun": "C",
    "tcli": "ignored",
    "terminal": "t",
    "user=": "u",
    "group=": "g",
    "pid_file=": "i",
    "socket=": "z",
    "vty_addr=": "A",
    "vty_port=": "P",
    "config_dir=": "config_dir",
}
_LONG = {
    "zebra": {
        "batch": "b",
        "allow_delete": "a",
        "ecmp=": "e",
        "retain": "r",
        "graceful_restart=": "K",
        "asic-offload=": "asic-offload",
        "nl-bufsize=": "s",
        "vrfwnetns": "n",
        "v6-rr-semantics": "ignored",
    },
    "bgpd": {
        "bgp_port=": "p",
        "listenon=": "l",
        "no_kernel": "n",
        "no_zebra": "Z",
        "skip_runas": "S",
        "ecmp=": "e",
        "int_num=": "I",
        "socket_size=": "s",
    },
    "staticd": {},
    "bfdd": {"bfdctl=": "ignored", "dplaneaddr=": "ignored"},
    "pyvtysh": {
        "bgp_port=": "p",
        "listenon=": "l",
        "retain": "r",
        "skip_runas": "S",
        "memory=": "memory",
        "wire=": "wire",
        "no-shell": "no-shell",
        "processes": "processes",
    },
}


_OURS = {
    "view-group=": "view-group",
    "metrics=": "metrics",
    "log-format=": "log-format",
    "log-audit": "log-audit",
}
"""What FRR's daemons do not have: known when all of its name is given, so that abbreviations and
complaints are FRR's."""


class OptionError(Exception):
    """An option that a program does not have, or one without its value; in the C library's words,
    without the name of the program."""


def options_of(program: str, arguments: list[str]) -> list[tuple[str, str]]:
    """The options on a command line in their order: their short letter or long name, the value.

    Words that are no options are ignored, as FRR's daemons do. OptionError.
    """
    longs = _COMMON_LONG | _LONG[program]
    given_names = {word.partition("=")[0] for word in arguments}
    longs |= {name: key for name, key in _OURS.items() if f"--{name.rstrip('=')}" in given_names}
    try:
        found, _ = getopt.gnu_getopt([_spelled(word) for word in arguments], _SHORT[program], longs)
    except getopt.GetoptError as error:
        raise OptionError(_complaint(error, longs)) from None
    keys = {f"--{name.rstrip('=')}": key for name, key in longs.items()}
    return [(keys.get(given, given.lstrip("-")), value) for given, value in found]


def _spelled(word: str) -> str:
    """`--config_dir` is ours: abbreviations of FRR's `--config_file` do not mean it. The value of
    `--asic-offload` may be left out."""
    name, equals, value = word.partition("=")
    if name.startswith("--con") and "--config_".startswith(name):
        return f"--config_file{equals}{value}"
    return "--asic-offload=" if word == "--asic-offload" else word


def _complaint(error: getopt.GetoptError, longs: dict[str, str]) -> str:
    option = error.opt
    long = len(option) > 1
    if "requires argument" in error.msg:
        if long:
            return f"option '--{option}' requires an argument"
        return f"option requires an argument -- '{option}'"
    if "must not have" in error.msg:
        return f"option '--{option}' doesn't allow an argument"
    if "not a unique" in error.msg:
        names = [name.rstrip("=") for name in longs if name.startswith(option)]
        listed = "".join(f" '--{name}'" for name in names if name != "config_dir")
        return f"option '--{option}' is ambiguous; possibilities:{listed}"
    return f"unrecognized option '--{option}'" if long else f"invalid option -- '{option}'"
