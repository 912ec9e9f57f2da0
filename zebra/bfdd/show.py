"""What bfdd shows, as text and as JSON in FRR's forms."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from grammar.base.values import Afi
from grammar.output import jsonc
from zebra.bfdd.config import InForce, PeerKey, session_id

_BRIEF = "{:<10} {:<40} {:<39} {:<15}\n"
_COUNTERS = (
    ("Control packet input", "control-packet-input", " packets"),
    ("Control packet output", "control-packet-output", " packets"),
    ("Echo packet input", "echo-packet-input", " packets"),
    ("Echo packet output", "echo-packet-output", " packets"),
    ("Session up events", "session-up", ""),
    ("Session down events", "session-down", ""),
    ("Zebra notifications", "zebra-notifications", ""),
)
_REMOTE_INTERVAL = 1000
_REMOTE_MULTIPLIER = 3
"""What RFC 5880 has before the other side has said anything."""


@dataclass(frozen=True, slots=True)
class PeerView:
    """A peer, what is configured for it, and since how many seconds it is down."""

    key: PeerKey
    settings: InForce
    down_for: int


@dataclass(frozen=True, slots=True)
class Peers:
    """`show bfd peers`; `kind` is `peers`, `counters` or `brief`, `total` counts every VRF."""

    peers: tuple[PeerView, ...]
    kind: str
    total: int = 0


@dataclass(frozen=True, slots=True)
class Peer:
    """`show bfd peer X [counters]`."""

    peer: PeerView
    counters: bool = False


def render(view: object, as_json: bool) -> Iterable[str]:
    """The text of a view."""
    match view:
        case Peers(kind="brief") if not as_json:
            return _brief(view)
        case Peers():
            fields, text = _forms(view.kind == "counters")
            if not as_json:
                return _listed("BFD Peers:\n", view.peers, text)
            if not view.peers:
                return ["[\n]\n"]  # json-c's empty list, as FRR's bfdd asks for it
            return [jsonc.pretty([fields(peer) for peer in view.peers]), "\n"]
        case Peer():
            fields, text = _forms(view.counters)
            if as_json:
                return [jsonc.pretty(fields(view.peer)), "\n"]
            return _listed("" if view.counters else "BFD Peer:\n", (view.peer,), text)
    raise TypeError(f"no text for {type(view).__name__}")


Fields = Callable[[PeerView], dict[str, jsonc.Json]]
Text = Callable[[PeerView], Iterator[str]]


def _forms(counters: bool) -> tuple[Fields, Text]:
    return (_counter_fields, _counter_lines) if counters else (_fields, _lines)


def _listed(title: str, peers: Iterable[PeerView], text: Text) -> Iterator[str]:
    if title:
        yield title
    for peer in peers:
        yield from text(peer)
        yield "\n"


def _title(key: PeerKey) -> str:
    words = f"peer {key.peer}{' multihop' if key.multihop else ''}"
    local = f" local-address {key.local}" if key.local is not None else ""
    interface = f" interface {key.interface}" if key.interface is not None else ""
    return f"\t{words}{local} vrf {key.vrf}{interface}\n"


def _milliseconds(value: int) -> str:
    return f"{value}ms" if value else "disabled"


def _lines(peer: PeerView) -> Iterator[str]:
    settings = peer.settings
    yield _title(peer.key)
    rows = [f"ID: {session_id(peer.key)}", "Remote ID: 0"]
    rows.append("Passive mode" if settings.passive else "Active mode")
    if peer.key.multihop:
        rows.append(f"Minimum TTL: {settings.minimum_ttl}")
    if settings.shutdown:
        rows.append("Status: shutdown")
    else:
        rows += ["Status: down", f"Downtime: {peer.down_for} second(s)"]
    rows += ["Diagnostics: ok", "Remote diagnostics: ok", "Peer Type: configured"]
    rows += ["RTT min/avg/max: 0/0/0 usec", "Local timers:"]
    yield from (f"\t\t{row}\n" for row in rows)
    yield f"\t\t\tDetect-multiplier: {settings.detect_multiplier}\n"
    yield f"\t\t\tReceive interval: {settings.receive_interval}ms\n"
    yield f"\t\t\tTransmission interval: {settings.transmit_interval}ms\n"
    yield f"\t\t\tEcho receive interval: {_milliseconds(settings.echo_receive)}\n"
    echo = settings.echo_transmit if settings.echo_mode else 0
    yield f"\t\t\tEcho transmission interval: {_milliseconds(echo)}\n"
    yield "\t\tRemote timers:\n"
    yield f"\t\t\tDetect-multiplier: {_REMOTE_MULTIPLIER}\n"
    yield f"\t\t\tReceive interval: {_REMOTE_INTERVAL}ms\n"
    yield f"\t\t\tTransmission interval: {_REMOTE_INTERVAL}ms\n"
    yield "\t\t\tEcho receive interval: disabled\n"


def _key_fields(key: PeerKey) -> dict[str, jsonc.Json]:
    found: dict[str, jsonc.Json] = {"multihop": key.multihop, "peer": str(key.peer)}
    if key.local is not None:
        found["local"] = str(key.local)
    found["vrf"] = key.vrf
    if key.interface is not None:
        found["interface"] = key.interface
    return found


def _fields(peer: PeerView) -> dict[str, jsonc.Json]:
    settings = peer.settings
    found = _key_fields(peer.key)
    found |= {"id": session_id(peer.key), "remote-id": 0, "passive-mode": settings.passive}
    if peer.key.multihop:
        found["minimum-ttl"] = settings.minimum_ttl
    if settings.shutdown:
        found["status"] = "shutdown"
    else:
        found |= {"status": "down", "downtime": peer.down_for}
    return found | {
        "diagnostic": "ok",
        "remote-diagnostic": "ok",
        "receive-interval": settings.receive_interval,
        "transmit-interval": settings.transmit_interval,
        "echo-receive-interval": settings.echo_receive,
        "echo-transmit-interval": settings.echo_transmit if settings.echo_mode else 0,
        "detect-multiplier": settings.detect_multiplier,
        "remote-receive-interval": _REMOTE_INTERVAL,
        "remote-transmit-interval": _REMOTE_INTERVAL,
        "remote-echo-receive-interval": 0,
        "remote-detect-multiplier": _REMOTE_MULTIPLIER,
        "rtt-min": 0,
        "rtt-avg": 0,
        "rtt-max": 0,
    }


def _counter_fields(peer: PeerView) -> dict[str, jsonc.Json]:
    return _key_fields(peer.key) | {name: 0 for _, name, _ in _COUNTERS}


def _counter_lines(peer: PeerView) -> Iterator[str]:
    yield _title(peer.key)
    yield from (f"\t\t{text}: 0{unit}\n" for text, _, unit in _COUNTERS)


def _brief(view: Peers) -> Iterator[str]:
    yield f"Session count: {view.total}\n"
    titles = ("SessionId", "LocalAddress", "PeerAddress", "Status")
    yield _BRIEF.format(*titles)
    yield _BRIEF.format(*("=" * len(title) for title in titles))
    for peer in view.peers:
        key = peer.key
        nowhere = "0.0.0.0" if key.peer.afi is Afi.IPV4 else "::"
        local = nowhere if key.local is None else str(key.local)
        state = "admin-down" if peer.settings.shutdown else "down"
        yield _BRIEF.format(session_id(key), local, str(key.peer), state)
