"""The node `bfd`: profiles and peers."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError
from grammar.command import Call, Flag, Reply, Setting, action, opens
from grammar.node import CONFIG
from grammar.scope import Block, Scope, Values
from zebra.bfdd.commands.nodes import BFD, PEER, PEER_HELP, PEER_LINE, PROFILE, key_of
from zebra.bfdd.config import (
    DETECT_MULTIPLIER,
    ECHO_INTERVAL,
    INTERVAL,
    MINIMUM_TTL,
    BfddConfig,
    Session,
)

_LINK_LOCAL = (
    "% Configuration failed.\n\nError type: validation\n"
    "Error description: When using link-local you must specify an interface"
)
_ECHO = "% Echo mode works correctly for IPv4, but only works when the peer is also FRR for IPv6.\n"

TOP = Scope((CONFIG,))


def _config(daemon: Any, values: Values) -> BfddConfig:
    config: BfddConfig = daemon.config
    return config


@opens(TOP, "bfd", "Bidirectional forwarding detection", into=BFD)
def _bfd(call: Call) -> BfddConfig:
    config: BfddConfig = call.daemon.config
    config.present = True
    return config


@action(TOP, "no bfd", "Negate", "Bidirectional forwarding detection")
def _no_bfd(call: Call) -> None:
    call.daemon.config.clear()


_BLOCK = Block(
    (BFD,),
    objects=lambda daemon: [({}, daemon.config)] if daemon.config.present else [],
    open_line=lambda values, config: "bfd",
)
TOP.add(_BLOCK)


@opens(_BLOCK, "profile BFDPROF$name", "Settings for several peers", "Their name", into=PROFILE)
def _profile(call: Call) -> Session:
    config: BfddConfig = call.daemon.config
    return config.profiles.setdefault(call.values["name"], Session())


@action(_BLOCK, "no profile BFDPROF$name", "Negate", "Settings for several peers", "Their name")
def _no_profile(call: Call) -> None:
    call.daemon.config.profiles.pop(call.values["name"], None)


@opens(_BLOCK, PEER_LINE, *PEER_HELP, into=PEER)
def _peer(call: Call) -> Session:
    key = key_of(call.values)
    if key.multihop and key.local is None:
        raise CommandError("% local-address is required when using multihop")
    if key.multihop and key.interface is not None:
        raise CommandError("% interface is prohibited when using multihop")
    if key.peer.is_link_local and key.interface is None:
        raise CommandError(_LINK_LOCAL)
    config: BfddConfig = call.daemon.config
    return config.open_peer(key, call.daemon.clock.now())


@action(_BLOCK, f"no {PEER_LINE}", "Negate", *PEER_HELP)
def _no_peer(call: Call) -> None:
    call.daemon.config.remove_peer(key_of(call.values))


PROFILES = Block(
    (PROFILE,),
    objects=lambda config: [({"name": name}, one) for name, one in config.profiles.items()],
    open_line=lambda values, session: f"profile {values['name']}",
    after="!",
)
PEERS = Block(
    (PEER,),
    objects=lambda config: [({}, config.peers[key]) for key in config.ordered()],
    open_line=lambda values, session: str(session.key),
    after="!",
)
_BLOCK.add(PROFILES)
_BLOCK.add(PEERS)


def _number(scope: Scope, words: str, limits: str, field: str, default: int, *help: str) -> None:
    """A line with a number and no `no` form; FRR does not print the default."""

    def printed(session: Session, names: Values) -> Iterator[str]:
        value = getattr(session, field)
        if value is not None:
            yield f"{words} {value}"

    @action(scope, f"{words} ({limits})$value", *help, printer=printed)
    def number(call: Call) -> None:
        value = call.values["value"]
        setattr(call.target(), field, None if value == default else value)


def _single_hop(call: Call, session: Session) -> None:
    if not call.negated and session.key is not None and session.key.multihop:
        raise CommandError("% Echo mode is only available for single hop sessions.")


def _multi_hop(call: Call, session: Session) -> None:
    if session.key is not None and not session.key.multihop:
        raise CommandError("% Minimum TTL is only available for multi hop sessions.")


class _EchoMode(Flag):
    """`echo-mode`, with FRR's remark."""

    def run(self, call: Call) -> Reply | None:
        super().run(call)
        return None if call.negated else Reply([_ECHO])


def _echo(scope: Scope) -> None:
    _EchoMode(scope, "echo-mode", "Echo packets", field="echo_mode", check=_single_hop)

    def receive(session: Session, names: Values) -> Iterator[str]:
        if session.echo_receive is not None:
            yield f"echo receive-interval {session.echo_receive or 'disabled'}"

    _number(
        scope,
        "echo transmit-interval",
        "10-60000",
        "echo_transmit",
        ECHO_INTERVAL,
        "Echo packets",
        "Between those that are sent",
        "Milliseconds",
    )

    @action(
        scope,
        "echo receive-interval <disabled$disabled|(10-60000)$value>",
        "Echo packets",
        "Between those that are taken",
        "None is taken",
        "Milliseconds",
        printer=receive,
    )
    def echo_receive(call: Call) -> None:
        value = call.values.get("value", 0)
        call.target().echo_receive = None if value == ECHO_INTERVAL else value

    @action(scope, "echo-interval (10-60000)$value", "Echo packets, both ways", "Milliseconds")
    def echo_interval(call: Call) -> None:
        value = None if call.values["value"] == ECHO_INTERVAL else call.values["value"]
        session: Session = call.target()
        session.echo_transmit = session.echo_receive = value


class _MinimumTtl(Setting):
    """`minimum-ttl`; the default is not kept."""

    def run(self, call: Call) -> None:
        super().run(call)
        session: Session = call.target()
        if session.minimum_ttl == MINIMUM_TTL:
            session.minimum_ttl = None


def _lines(scope: Scope) -> None:
    _number(
        scope,
        "detect-multiplier",
        "2-255",
        "detect_multiplier",
        DETECT_MULTIPLIER,
        "Packets that may be lost",
        "How many",
    )
    for word, text in (("transmit", "sent"), ("receive", "taken")):
        help = (f"Between packets that are {text}", "Milliseconds")
        _number(scope, f"{word}-interval", "10-60000", f"{word}_interval", INTERVAL, *help)
    Flag(scope, "shutdown", "Switched off", field="shutdown")
    Flag(scope, "passive-mode", "Wait for the other side to begin", field="passive")
    _echo(scope)
    _MinimumTtl(
        scope,
        "minimum-ttl ![(1-254)$ttl]",
        "What packets must still have",
        "Hops",
        fields={"ttl": "minimum_ttl"},
        check=_multi_hop,
    )


Setting(
    PEERS,
    "profile BFDPROF$profile",
    "Settings for several peers",
    "Their name",
    fields=("profile",),
)
_lines(PEERS)
_lines(PROFILES)
