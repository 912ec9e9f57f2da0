"""`debug rfapi-dev ...`: what FRR's developers of VNC open and ask by hand.

Endpoints of VNC are not opened here, so none of them is ever found, as in an FRR where none is.
"""

from collections.abc import Callable

from bgp.config import BgpdConfig
from grammar.base.errors import CommandError
from grammar.command import Answer, Call, Reply, action
from grammar.node import ENABLE
from grammar.scope import Scope

RFAPI = Scope((ENABLE,))
"""Typed in the enable node only."""

_BROKEN = "% This command is broken."
_VN = "vn <A.B.C.D|X:X::X:X>"
_UN = "un <A.B.C.D|X:X::X:X>"
_ENDS = f"{_VN} {_UN}"
_ADDRESS = ("Inner address", "IPv4", "IPv6")
_ENDS_HELP = (*_ADDRESS, "Outer address", "IPv4", "IPv6")
_PREFIX = "prefix <A.B.C.D/M|X:X::X:X/M>"
_PREFIX_HELP = ("Its prefix", "IPv4", "IPv6")
_NO_SUCH_GROUP, _NO_BGP, _BAD_HANDLE = 2, 6, 9
"""FRR's numbers of what stands in the way."""


def _config(call: Call) -> BgpdConfig:
    config: BgpdConfig = call.daemon.config
    return config


def _not_found(call: Call) -> None:
    words = call.line.split()
    vn, un = (words[words.index(word) + 1] for word in ("vn", "un"))
    raise CommandError(f"can't locate handle matching vn={vn}, un={un}")


def _open(call: Call) -> str:
    status = _NO_SUCH_GROUP if _config(call).instances else _NO_BGP
    return (
        f"rfapi_open: status {status}, handle 0x0, lifetime 0\n"
        f"rfapi_set_response_cb: status {_BAD_HANDLE}"
    )


def _close(call: Call) -> None:
    raise CommandError(f"Invalid value: {call.values['handle']}")


def _imports(call: Call) -> str:
    if not _config(call).instances:
        raise CommandError("No BGP instance")
    return "Import Table [CE IT - IP VPN]"


def _broken(call: Call) -> None:
    raise CommandError(_BROKEN)


def _nothing(call: Call) -> Reply:
    return Reply()


def _omit(call: Call) -> Reply:
    if not _config(call).instances:
        raise CommandError("No BGP process is configured")
    return Reply()


def _declare(words: str, *help: str, run: Callable[[Call], Answer]) -> None:
    action(RFAPI, f"debug rfapi-dev {words}", "Debugging", "Endpoints of VNC", *help)(run)


_declare(f"open {_ENDS}", "Open one", *_ENDS_HELP, run=_open)
_declare(f"close {_ENDS}", "Close one", *_ENDS_HELP, run=_not_found)
_declare("close rfd HANDLE$handle", "Close one", "By its handle", "The handle", run=_close)
_declare(
    f"register {_ENDS} {_PREFIX} lifetime SECONDS"
    " [<cost (0-255)|macaddr X:X:X:X:X:X lni (0-16777215)>]",
    "Announce by one",
    *_ENDS_HELP,
    *_PREFIX_HELP,
    "For how long",
    "Seconds",
    "How little it is wanted",
    "The less, the more",
    "MAC address",
    "The address",
    "Logical network",
    "Its number",
    run=_not_found,
)
_declare(
    f"unregister {_ENDS} {_PREFIX} [kill]",
    "Take back by one",
    *_ENDS_HELP,
    *_PREFIX_HELP,
    "At once",
    run=_not_found,
)
_TARGET = ("Where to", "IPv4", "IPv6")
for _words, _help in (("query", ("Ask by one",)), ("query done", ("Ask by one", "No more"))):
    _declare(
        f"{_words} {_ENDS} target <A.B.C.D|X:X::X:X>",
        *_help,
        *_ENDS_HELP,
        *_TARGET,
        run=_not_found,
    )
_declare(
    f"query {_ENDS} lni LNI target X:X:X:X:X:X",
    "Ask by one",
    *_ENDS_HELP,
    "Logical network",
    "Its number",
    "Where to",
    "MAC address",
    run=_broken,
)
_declare("show import", "Show", "What they import", run=_imports)
_declare(f"show import {_ENDS}", "Show", "What they import", *_ENDS_HELP, run=_not_found)
_declare(
    f"show nves [<{_VN}|{_UN}>]",
    "Show",
    "Those that are open",
    *_ENDS_HELP,
    run=_nothing,
)
_declare(
    "response-omit-self <on|off>",
    "Answers of queries",
    "Without the own routes",
    "With them",
    run=_omit,
)
