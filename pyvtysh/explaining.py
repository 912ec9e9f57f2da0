"""`explain ...` and `test ...`: lines that the daemons of ours know, and FRR's do not.

They are passed on to the daemon that declares them. `explain bgp` is answered by two: behind what
bgpd knows of a prefix stands what zebra and the kernel made of it.
"""

import json
from functools import partial

from bgp.commands.explain import EXPLAIN as OF_BGPD
from grammar.base.errors import Status
from grammar.call import Call
from grammar.command import Action
from grammar.declared import Language
from grammar.node import ENABLE, VIEW
from grammar.output.jsonc import pretty
from grammar.output.outline import INDENT
from grammar.scope import Scope
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.passing import UNTAKEN, unless_untaken
from zebra.commands.explain import EXPLAIN as OF_ZEBRA

_EXPLAIN = Scope((VIEW, ENABLE))

LANGUAGE = Language("vtysh", "VTYSH", [_EXPLAIN])
"""See `pyvtysh.beyond`."""


def _run(call: Call, daemon: str) -> Running:
    vtysh: Vtysh = call.daemon
    if call.command.notation.startswith("explain bgp "):
        return (yield from _explain_bgp(vtysh, call))
    return (yield from _ask(vtysh, daemon, call.line))


def _ask(vtysh: Vtysh, daemon: str, line: str) -> Running:
    """The answer of a daemon, or that it has none."""
    do = "do " if vtysh.node.is_config else ""
    asked = f"{do}{line.removeprefix('do ')}"
    status = yield from unless_untaken(vtysh.ask_owners([daemon], asked))
    if status not in UNTAKEN:
        return status
    yield f"% {daemon} does not offer {line.removeprefix('do ').split()[0]}: it is not ours\n"
    return Status.CONFIG_FAILED


def _explain_bgp(vtysh: Vtysh, call: Call) -> Running:
    as_json = "json" in call.values
    running = _ask(vtysh, "bgpd", call.line)
    rib = _rib_line(call)
    if rib is None or "zebra" not in vtysh.links:
        return (yield from running)
    if as_json:
        return (yield from _as_one(vtysh, running, rib))
    status = yield from running
    if status == Status.SUCCESS:
        yield f"{INDENT}In zebra:\n"
        text, _ = collect(_ask(vtysh, "zebra", rib))
        yield "".join(f"{INDENT * 2}{line}\n" for line in text.splitlines())
    return status


def _as_one(vtysh: Vtysh, running: Running, rib: str) -> Running:
    """Both answers as one document; of an answer that is none, the words."""
    told, status = collect(running)
    if status != Status.SUCCESS:
        yield told
        return status
    text, answered = collect(_ask(vtysh, "zebra", rib))
    of_zebra = json.loads(text) if answered == Status.SUCCESS else {"text": text.strip()}
    yield pretty({**json.loads(told), "rib": of_zebra}) + "\n"
    return status


def _rib_line(call: Call) -> str | None:
    """What zebra is asked; None of what is not its own to know."""
    values = call.values
    if values.get("kind") == "view" or values.get("safi") not in (None, "unicast"):
        return None
    prefix = values["prefix"].network
    word = "ip" if prefix.afi.bits == 32 else "ipv6"
    vrf = f"vrf {values['name']} " if "name" in values else ""
    return f"explain {word} route {vrf}{prefix}{' json' if 'json' in values else ''}"


for _daemon, _scope in (("bgpd", OF_BGPD), ("zebra", OF_ZEBRA)):
    for _command in _scope.commands():
        Action(_EXPLAIN, _command.notation, *_command.help, run=partial(_run, daemon=_daemon))
