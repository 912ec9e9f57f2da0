"""The nodes of bgpd, the scopes its commands are typed in, and the kinds of command of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from bgp.commands.familynodes import BGP as BGP
from bgp.commands.familynodes import FAMILY_NODES as FAMILY_NODES
from bgp.commands.familynodes import NODE_OF, ROUTER_NODES
from bgp.config import (
    IPV4_UNICAST,
    BgpConfig,
    Family,
    FamilyConfig,
    PeerConfig,
    PeerFamilyConfig,
)
from bgp.effects import Effect
from grammar.base.errors import CommandError
from grammar.base.values import Safi
from grammar.command import Answer, Call, Change, Command, Flag, Fragment, Setting, fragment
from grammar.node import CONFIG, ENABLE, INTERFACE, ROUTE_MAP, VIEW, Node
from grammar.scope import Block, Scope, Values

CONFIG_NODES = (INTERFACE, BGP, *ROUTER_NODES, ROUTE_MAP)
"""bgpd's nodes below config."""

PEER = fragment(
    "neighbor <A.B.C.D|X:X::X:X|WORD>$peer",
    "A BGP neighbor",
    "IPv4 address of the neighbor",
    "IPv6 address of the neighbor",
    "Interface or peer-group name",
)

NO = fragment("no", "Take a line back")

NO_PEER = "% Specify remote-as or peer-group commands first"
DYNAMIC = "% Operation not allowed on a dynamic neighbor"


@dataclass(frozen=True, slots=True)
class AddressFamily:
    """What the session stands in inside `address-family`: an instance and one of its families."""

    bgp: BgpConfig
    family: Family

    @property
    def config(self) -> FamilyConfig:
        """The lines of the family."""
        return self.bgp.family(self.family)


def family_of(node_object: BgpConfig | AddressFamily) -> AddressFamily:
    """The family a line speaks of: lines typed in `router bgp` itself mean IPv4 unicast."""
    if isinstance(node_object, AddressFamily):
        return node_object
    return AddressFamily(node_object, IPV4_UNICAST)


def find_peer(bgp: BgpConfig, values: Values) -> PeerConfig:
    """The neighbor or peer-group named in a line, or FRR's refusal."""
    name = values["peer"]
    peer = bgp.peers.get(name) or bgp.groups.get(name)
    if peer is None and name in bgp.dynamic:
        raise CommandError(DYNAMIC)
    if peer is None:
        raise CommandError(NO_PEER)
    return peer


def find_told_twice(call: Call) -> PeerConfig:
    """The neighbor of a few lines that FRR refuses with the same sentence twice."""
    if call.node_object.groups.get(call.values["peer"]) is None:
        try:
            return find_peer(call.node_object, call.values)
        except CommandError as error:
            raise CommandError(f"{error}\n{error}") from None
    group: PeerConfig = call.target()
    return group


def group_of(bgp: BgpConfig, peer: PeerConfig) -> PeerConfig | None:
    """The peer-group of a member."""
    return None if peer.group is None else bgp.groups.get(peer.group)


def is_group(bgp: BgpConfig, peer: PeerConfig) -> bool:
    """True for a peer-group."""
    return bgp.groups.get(str(peer.name)) is peer


def kind_of(bgp: BgpConfig, peer: PeerConfig) -> str | None:
    """`internal`, `external`, or None while no line says so.

    A group without an AS number is what its first member is.
    """
    remote, group = peer.remote_as, group_of(bgp, peer)
    if remote is None and group is not None:
        remote = group.remote_as
    if remote is None and is_group(bgp, peer):
        first = next(bgp.members(str(peer.name)), None)
        return None if first is None else kind_of(bgp, first)
    if isinstance(remote, int):
        return "internal" if remote == bgp.asn else "external"
    return remote


def is_internal(bgp: BgpConfig, peer: PeerConfig) -> bool:
    """True for an iBGP neighbor."""
    return kind_of(bgp, peer) == "internal"


def default_active(bgp: BgpConfig, family: Family) -> bool:
    """Whether a new neighbor is activated in a family."""
    return bgp.activates(family)


def _find_peer_family(node_object: BgpConfig | AddressFamily, values: Values) -> PeerFamilyConfig:
    place = family_of(node_object)
    return find_peer(place.bgp, values).family(place.family)


def groups_and_peers(bgp: BgpConfig) -> Iterator[PeerConfig]:
    """What `neighbor` lines are about, in printed order."""
    yield from bgp.sorted_groups()
    yield from bgp.sorted_peers()


def is_active(place: AddressFamily, peer: PeerConfig) -> bool:
    """Whether the family is exchanged with a neighbor or a group, as its own lines have it."""
    active = peer.family(place.family).activate
    return default_active(place.bgp, place.family) if active is None else active


def activation(place: AddressFamily, peer: PeerConfig) -> bool | None:
    """Whether the family is exchanged, None where that is the default."""
    active = peer.family(place.family).activate
    if active is None:
        return None
    group = group_of(place.bgp, peer)
    # A member is compared with its group, whatever the default is.
    default = is_active(place, group) if group else default_active(place.bgp, place.family)
    return None if active == default else active


_settings = attrgetter(*(f.name for f in fields(PeerFamilyConfig) if f.name != "activate"))
_NO_SETTINGS = _settings(PeerFamilyConfig())


def _peer_families(place: AddressFamily) -> Iterator[tuple[Values, PeerFamilyConfig]]:
    for peer in groups_and_peers(place.bgp):
        lines = peer.families.get(place.family)
        own = lines is not None and (
            _settings(lines) != _NO_SETTINGS or activation(place, peer) is not None
        )
        group = None if own else group_of(place.bgp, peer)
        # The one line of a group that FRR prints of each member, too.
        if own or (group is not None and group.family(place.family).disable_addpath_rx):
            yield {"peer": peer.name, "place": place}, lines or PeerFamilyConfig()


def _instances(daemon: Any) -> Iterator[tuple[Values, BgpConfig]]:
    for bgp in daemon.config.instances.values():
        yield {}, bgp


def _open_instance(values: Values, bgp: BgpConfig) -> str:
    if bgp.vrf is None:
        return f"router bgp {bgp.asn}"
    return f"router bgp {bgp.asn} {'view' if bgp.view else 'vrf'} {bgp.vrf}"


def _hidden(family: Family) -> tuple[Node, ...]:
    return (BGP,) if family == IPV4_UNICAST else ()


def _family_block(family: Family) -> Block:
    node = NODE_OF[family]
    return Block(
        (node,),
        find=lambda place, values: family_of(place),
        objects=lambda bgp: [({}, AddressFamily(bgp, family))],
        hidden_nodes=_hidden(family),
        open_line=lambda values, place: node.name,
        close_line="exit-address-family",
        before="!",
        skip_empty=True,
    )


def _family_scope(family: Family) -> Scope:
    return Scope(
        (NODE_OF[family],),
        find=lambda place, values: family_of(place).config,
        objects=lambda place: [({}, place.config)],
        hidden_nodes=_hidden(family),
    )


def _peer_family_scope(family: Family) -> Scope:
    hidden = _hidden(family)
    node = NODE_OF[family]
    return Scope((node,), find=_find_peer_family, objects=_peer_families, hidden_nodes=hidden)


SHOW = Scope((VIEW, ENABLE))
"""Show commands."""

TOP = Scope((CONFIG,))
"""Lines of the config node."""

ROUTER = Block((BGP,), objects=_instances, open_line=_open_instance, after="!")
"""`router bgp`; its own lines first, then neighbors, then address families."""

GLOBAL = Scope((BGP,))
"""Lines of the instance ahead of its neighbors."""

NEIGHBOR = Scope(
    (BGP,),
    find=find_peer,
    objects=lambda bgp: [({"peer": p.name, "bgp": bgp}, p) for p in groups_and_peers(bgp)],
)
"""Lines of one neighbor or peer-group; those that any family shares."""


def _part(peer: PeerConfig) -> list[tuple[Values, PeerConfig]]:
    return [({"peer": peer.name}, peer)]


CONFEDERATION = Scope((BGP,))
"""The confederation that the instance is in."""

PACE = Scope((BGP,))
"""What waits after a start, and how much is done at a time."""

GRACEFUL = Scope((BGP,))
"""Graceful restart of the instance."""

BESTPATH = Scope((BGP,))
"""The choice of best paths."""

IDENTITY = Scope((BGP,), find=find_peer, objects=_part)
"""The lines that make a neighbor."""

BFD = Scope((BGP,), find=find_peer, objects=_part)
"""BFD on the way to it."""

CAPABILITY = Scope((BGP,), find=find_peer, objects=_part)
"""Its capabilities."""

NEIGHBOR.add(IDENTITY)

TRAILER = Scope((BGP,))
"""Lines of the instance printed after its neighbors."""

LISTEN = Scope((BGP,))
"""`bgp listen ...`, the first of these."""
TRAILER.add(LISTEN)

SRV6 = Scope((BGP,))
"""`segment-routing srv6`."""

BLOCKS = Scope((BGP,))
"""The address families."""

VNC = Scope((BGP,))
"""What stands behind these."""

for _scope in (GLOBAL, NEIGHBOR, TRAILER, SRV6, BLOCKS, VNC):
    ROUTER.add(_scope)


@dataclass(frozen=True, slots=True)
class FamilyScopes:
    """The scopes of one address family, in printed order."""

    family: Family
    lines: Scope
    neighbor: Scope
    trailer: Scope
    first: Scope
    last: Scope
    """Around the others: what is said of the instance's family (`AddressFamily`), not its lines."""

    def listed(self) -> Scope:
        """A scope for lines of a neighbor that `router bgp` itself does not take."""
        scope = Scope((NODE_OF[self.family],), find=_find_peer_family)
        self.neighbor.add(scope)
        return scope


def _family_scopes(family: Family) -> FamilyScopes:
    block, node = _family_block(family), NODE_OF[family]
    BLOCKS.add(block)
    scopes = FamilyScopes(
        family,
        _family_scope(family),
        _peer_family_scope(family),
        _family_scope(family),
        Scope((node,)),
        Scope((node,)),
    )
    for scope in (scopes.first, scopes.lines, scopes.neighbor, scopes.trailer, scopes.last):
        block.add(scope)
    return scopes


SCOPES = {family: _family_scopes(family) for family in NODE_OF}
"""The scopes in which the lines of `address-family` are declared, once for each family."""

UNICAST = tuple(scopes for family, scopes in SCOPES.items() if family[1] is Safi.UNICAST)
"""Those of the families that the router itself forwards by."""

FLOWSPEC = tuple(scopes for family, scopes in SCOPES.items() if family[1] is Safi.FLOWSPEC)
"""Those of flow specifications, which have fewer lines."""


Normal = Callable[[dict[str, Any]], dict[str, Any]]


class Normalised(Setting):
    """A setting whose values FRR changes before it keeps them (`timers 60 30` becomes `10 30`).

    `normal` gets the typed values and returns those to keep: a value left out means the default.
    It may raise `CommandError`. It is not asked for `no`.
    """

    def __init__(
        self, scope: Scope, notation: Fragment | str, *help: str, normal: Normal, **options: Any
    ) -> None:
        super().__init__(scope, notation, *help, **options)
        self.normal = normal

    def run(self, call: Call) -> Answer:
        """Keep the normal values; an object that is not there is told of first."""
        call.target()
        if not call.negated:
            call = replace(call, values=self.normal(dict(call.values)))
        return super().run(call)


def without_default(**defaults: object) -> Normal:
    """A `normal` for values whose default prints nothing: it is not kept."""

    def normal(values: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in values.items() if k not in defaults or defaults[k] != v}

    return normal


def timers(error: str) -> Normal:
    """A `normal` for `$keepalive $hold`: FRR lowers keepalive to a third of the hold time."""

    def normal(values: dict[str, Any]) -> dict[str, Any]:
        keepalive, hold = values["keepalive"], values["hold"]
        if 0 < hold < 3:
            raise CommandError(error)
        return {**values, "keepalive": min(keepalive, hold // 3)}

    return normal


def _report_peer(call: Call, before: int) -> None:
    """Let the changes of a line name the peer they are for, as `Effect` says."""
    place = family_of(call.node_object)
    changes = call.session.changes
    for index in range(before, len(changes)):
        change = changes[index]
        if isinstance(change.target, PeerFamilyConfig):
            peer = find_peer(place.bgp, change.values)
            target = peer if change.effect is Effect.ACTIVATE else (peer, place.family)
            changes[index] = Change(change.effect, target, change.values, change.negated)


class _NamesPeer(Command):
    def run(self, call: Call) -> Answer:
        """Keep the values; who is told of it hears of the neighbor."""
        before = len(call.session.changes)
        answer = super().run(call)
        _report_peer(call, before)
        return answer


class PeerFamilyFlag(_NamesPeer, Flag):
    """A flag of a neighbor in a family; its effects name the neighbor."""


class PeerFamilySetting(_NamesPeer, Normalised):
    """A setting of a neighbor in a family; its effects name the neighbor."""


def changed_for_peer(call: Call, effect: Effect) -> None:
    """Report an effect of a family line of a neighbor."""
    place = family_of(call.node_object)
    call.changed(effect, (find_peer(place.bgp, call.values), place.family))
