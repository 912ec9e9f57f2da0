"""Who may connect without a line of its own: ranges of addresses, and how many of them."""

from typing import Any

from bgp.commands.nodes import LISTEN, Normalised, without_default
from bgp.config import LISTEN_LIMIT, BgpConfig
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Prefix
from grammar.command import Call, action

_HELP = ("BGP", "Neighbors that connect from a range")

Normalised(
    LISTEN,
    "bgp listen limit ![(1-65535)$limit]",
    *_HELP,
    "How many of them there may be",
    "Their number",
    fields={"limit": "listen_limit"},
    normal=without_default(limit=LISTEN_LIMIT),
)


def _range_lines(bgp: BgpConfig, names: Any) -> list[str]:
    ranges = sorted(bgp.listen_ranges.items(), key=lambda pair: (pair[1], pair[0].afi))
    return [f"bgp listen range {prefix} peer-group {group}" for prefix, group in ranges]


@action(
    LISTEN,
    "bgp listen range <A.B.C.D/M|X:X::X:X/M>$prefix peer-group PGNAME$group",
    *_HELP,
    "A range of addresses",
    "IPv4 prefix",
    "IPv6 prefix",
    "What they are members of",
    "Name of the peer-group",
    negatable=True,
    printer=_range_lines,
)
def _range(call: Call) -> None:
    bgp: BgpConfig = call.node_object
    prefix: Prefix = call.values["prefix"].network
    name = call.values["group"]
    if call.negated:
        _forget(call, bgp, prefix, name)
        return
    if prefix in bgp.listen_ranges:
        if bgp.listen_ranges[prefix] == name:
            return
        raise CommandError(
            f"% Same listen range is attached to peer-group {bgp.listen_ranges[prefix]}"
        )
    if any(prefix.covers(other) or other.covers(prefix) for other in bgp.listen_ranges):
        raise CommandError("% Listen range overlaps with existing listen range")
    group = bgp.groups.get(name)
    if group is None:
        raise CommandError("% Configure the peer-group first")
    if group.remote_as is None:
        raise CommandError("% Specify remote-as or peer-group remote AS first")
    bgp.listen_ranges[prefix] = name
    call.changed(Effect.PEERS, bgp)


def _forget(call: Call, bgp: BgpConfig, prefix: Prefix, name: str) -> None:
    if name not in bgp.groups:
        raise CommandError("% Peer-group does not exist")
    if bgp.listen_ranges.get(prefix) != name:
        raise CommandError(
            "% Range specified cannot be deleted because it is not part of current config."
        )
    del bgp.listen_ranges[prefix]
    for peer in [peer for peer in bgp.dynamic.values() if peer.dynamic == prefix]:
        del bgp.dynamic[peer.name]
    call.changed(Effect.PEERS, bgp)
