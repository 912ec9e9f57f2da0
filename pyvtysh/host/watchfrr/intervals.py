"""`watchfrr_options`: of watchfrr's options, those that make a difference here."""

import getopt
import shlex

from pyvtysh.host.daemonsfile import DaemonsFile
from pyvtysh.host.errors import StartError
from pyvtysh.host.watchfrr.watchfrr import Intervals

_SHORT = "aAdS:l:i:t:T:r:s:k:p:b:vhN:"
_LONG = [
    *("daemon", "statedir=", "loglevel=", "min-restart-interval=", "max-restart-interval="),
    *("interval=", "timeout=", "restart-timeout=", "restart=", "start-command=", "kill-command="),
    *("dry", "pid-file=", "blank-string=", "version", "help", "pathspace=", "netns"),
    *("operational-timeout=", "vty_socket="),
]


def intervals_of(file: DaemonsFile) -> Intervals:
    """What `watchfrr_options` of a `daemons` file say of times; StartError."""
    try:
        words = shlex.split(file.values.get("watchfrr_options", ""))
        found = dict(getopt.gnu_getopt(words, _SHORT, _LONG)[0])
        default = Intervals()
        return Intervals(
            least=_seconds(found, default.least, "--min-restart-interval"),
            most=_seconds(found, default.most, "--max-restart-interval"),
            stop=_seconds(found, default.stop, "--restart-timeout", "-T"),
            silent=_seconds(found, default.silent, "--timeout", "-t"),
        )
    except (ValueError, getopt.GetoptError) as error:
        raise StartError(f"{file.path}: watchfrr_options: {error}") from None


def _seconds(found: dict[str, str], default: float, *names: str) -> float:
    for name in names:
        if name in found:
            value = found[name]
            if not (value.isascii() and value.isdigit()):
                raise ValueError(f"{name} {value}: not a number of seconds")
            return float(value)
    return default
