"""`show bgp neighbors` from the state of neighbors."""

from typing import TYPE_CHECKING

from bgp import effective
from bgp.conditional import INTERVAL
from bgp.config import FAMILIES, Family
from bgp.familyconfig import EVPN, IPV4_LABELED, IPV4_UNICAST, IPV4_VPN
from bgp.rib.defaults import is_given
from bgp.show.build import find
from bgp.show.build.filters import filters_of
from bgp.show.build.outbound import condition_line, default_map, filter_modes, filter_state
from bgp.show.build.restart import graceful_of
from bgp.show.build.summary import age, error_of
from bgp.show.views.misc import Remark
from bgp.show.views.neighbor import (
    Both,
    Capabilities,
    GracefulView,
    LastReset,
    NeighborFamily,
    NeighborsOfAll,
    NeighborsView,
    NeighborView,
    Socket,
    Timers,
)
from bgp.wire.capability import AddPathMode, Role
from grammar.base.clock import dated
from grammar.base.values import Address, Afi

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.config import PeerFamilyConfig
    from bgp.instance import Instance
    from bgp.negotiation import SessionConfig
    from bgp.peer import Peer
    from bgp.peerstate import LastNotification
    from bgp.wire.open import Open

_FAMILY_NAMES = {tuple(family): find.family_name(family) for family in FAMILIES}


def neighbors(
    bgpd: "Bgpd",
    kind: str | None,
    name: str | None,
    afi: str | None,
    peer: Address | str | None,
) -> NeighborsView | NeighborsOfAll | Remark:
    """All neighbors of an instance (or of each: `all`), those active in a family, or one."""
    if name == "all":
        return _of_all(bgpd, afi, peer)
    instance = bgpd.instances.get(find.instance_name(kind, name))
    if instance is None:
        return Remark("% BGP instance not found", "{\n}" if name is not None else "{}")
    return _chosen(bgpd, instance, afi, peer)


def _of_all(bgpd: "Bgpd", afi: str | None, peer: Address | str | None) -> NeighborsOfAll:
    return NeighborsOfAll(
        tuple(
            (find.vrf_name(each), find.vrf_number(each), _chosen(bgpd, each, afi, peer))
            for each in bgpd.instances.values()
        )
    )


def graceful(bgpd: "Bgpd", afi: str | None, peer: Address | str | None) -> GracefulView | Remark:
    """Graceful restart of the neighbors of the default instance."""
    instance = bgpd.instances.get(None)
    if instance is None:
        return Remark("% BGP instance not found", "{}")
    config = instance.config
    mode = "Disable" if config.graceful_restart_disable else "Helper"
    return GracefulView(
        "Restart" if config.graceful_restart else mode, _chosen(bgpd, instance, afi, peer)
    )


def _chosen(
    bgpd: "Bgpd", instance: "Instance", afi: str | None, peer: Address | str | None
) -> NeighborsView:
    chosen = [each for each in instance.sorted_peers() if peer is None or each.name == peer]
    if afi is not None:
        wanted = [family for family in FAMILIES if family[0].word == afi]
        chosen = [each for each in chosen if any(find.is_active(each, f) for f in wanted)]
    views = tuple(_neighbor(bgpd, instance, each) for each in chosen)
    return NeighborsView(views, missing=peer is not None and not views)


def _neighbor(bgpd: "Bgpd", instance: "Instance", peer: "Peer") -> NeighborView:
    state, config, session = peer.state, peer.config, peer.main.session
    up = session.state.value == "Established"
    own, theirs = session.config, session.peer_open
    external = effective.is_external(instance.config, config)
    return NeighborView(
        name=str(peer),
        remote_as=peer.remote_as,
        local_as=peer.local_as,
        internal=not (external or peer.is_confederation),
        confederation=instance.config.confederation_id is not None,
        common_admin=peer.is_confederation,
        router_id=str(state.identity.router_id),
        own_router_id=find.router_id(instance),
        state=session.state.value,
        limit_left=peer.limit.left,
        bfd=BFD_DEFAULTS if config.bfd else None,
        no_prepend=bool(config.local_as_no_prepend),
        replace_as=bool(config.local_as_replace_as),
        local_role=config.local_role or "undefined",
        remote_role=_remote_role(theirs) if up else "undefined",
        description=config.description,
        hostname=state.identity.hostname or None,
        specified=config.remote_as is not None,
        interface=str(peer.address or "") if peer.own.by_interface else None,
        peer_group=peer.own.group,
        range=None if peer.own.dynamic is None else str(peer.own.dynamic),
        shutdown=peer.shut_down,
        passive=bool(config.passive),
        timers=_timers(bgpd, instance, peer),
        capabilities=_capabilities(own, theirs) if up and theirs is not None else None,
        graceful=graceful_of(instance, peer, theirs, up=up),
        sent=state.sent,
        received=state.received,
        inq=peer.inbox,
        update_source=None if config.update_source is None else str(config.update_source),
        families=tuple(
            _family(bgpd, peer, family) for family in FAMILIES if find.is_active(peer, family)
        ),
        connections=state.established,
        dropped=state.dropped,
        reset=_reset(bgpd, peer),
        over_limit=peer.over_limit,
        hops=_hops(peer, external=external or peer.is_confederation),
        socket=_socket(peer),
        authenticated=config.password is not None,
        fd=state.fd,
    )


def _remote_role(theirs: "Open | None") -> str:
    told = None if theirs is None else _Said(theirs).by_code.get(9)
    number = getattr(told, "role", None)
    return Role(number).word if number in set(Role) else "undefined"


def _hops(peer: "Peer", *, external: bool) -> int:
    config = peer.config
    if config.ttl_security_hops is not None:
        return config.ttl_security_hops
    return (config.ebgp_multihop or 1) if external else 255


def _first(*times: float | None) -> float | None:
    return next((time for time in times if time is not None), None)


def _timers(bgpd: "Bgpd", instance: "Instance", peer: "Peer") -> Timers:
    from bgp.fsm import Timer

    times, session = peer.state.times, peer.main.session
    up = session.state.value == "Established"
    moment = times.established_steady
    hold, keepalive = session.hold_time, session.keepalive
    connection, wanted = peer.main.connection, peer.config.tcp_mss
    tcp = None if connection is None else connection.tcp_info()
    return Timers(
        rtt=None if tcp is None else tcp.rtt,
        segments=None if wanted is None else (wanted, 0 if tcp is None else tcp.mss),
        hold=int(hold),
        keepalive=int(keepalive),
        configured_hold=effective.hold(instance.config, peer.config),
        configured_keepalive=effective.keepalive(instance.config, peer.config),
        read=age(bgpd, _first(session.last_read, times.read, times.reset)),
        write=age(bgpd, _first(session.last_write, times.write)),
        # As FRR does: never is the start of the machine.
        update=int(bgpd.clock.now() - (times.update or 0)),
        connect_retry=effective.connect_retry(instance.config, peer.config),
        next_start=_due(bgpd, session.due(Timer.IDLE_HOLD)),
        next_connect=_due(bgpd, session.due(Timer.CONNECT_RETRY)),
        advertisement=peer.config.advertisement_interval or 0,
        search=instance.config.conditional_advertisement_timer or INTERVAL,
        search_due=instance.conditions.seconds_left,
        uptime=age(bgpd, times.changed) if up else None,
        delay_open=peer.config.delay_open,
        extended_parameters=bool(peer.config.extended_optional_parameters),
        established_epoch=None if moment is None else int(dated(bgpd.clock, moment)),
    )


def _due(bgpd: "Bgpd", at: float | None) -> int | None:
    return None if at is None else max(0, int(at - bgpd.clock.now()))


BFD_DEFAULTS = (3, 300, 300)


class _Said:
    """The capabilities of one side, by code and (for families) by number."""

    def __init__(self, message: "Open") -> None:
        self.by_code: dict[int, object] = {cap.code: cap for cap in message.capabilities}
        self.families = {
            (getattr(cap, "afi", 0), getattr(cap, "safi", 0))
            for cap in message.capabilities
            if cap.code == 1
        }

    def has(self, *codes: int) -> bool:
        """True if any of the capabilities was said."""
        return any(code in self.by_code for code in codes)


def _capabilities(config: "SessionConfig", theirs: "Open") -> Capabilities:
    ours, said = _Said(config.open()), _Said(theirs)
    if config.override_capability:
        said.families.clear()  # FRR does not look at them

    def both(*codes: int) -> Both:
        return Both(ours.has(*codes), said.has(*codes))

    old, new = said.has(128), said.has(2)
    fqdn, graceful = said.by_code.get(73), said.by_code.get(64)
    families = [f for f in _FAMILY_NAMES if f in ours.families or f in said.families]
    return Capabilities(
        as4=both(65),
        extended_message=both(6),
        extended_nexthop=both(5),
        nexthop_families=_nexthop_families(said),
        role=both(9),
        addpath=_addpath(ours, said) if ours.has(69) or said.has(69) else None,
        dynamic=both(66, 67),
        long_lived=both(71),
        long_lived_families=_long_lived(said.by_code.get(71)),
        refresh=both(2, 128),
        refresh_kinds="old & new" if old and new else "old" if old else "new",
        enhanced_refresh=both(70),
        families=tuple(
            (_FAMILY_NAMES[f], Both(f in ours.families, f in said.families)) for f in families
        ),
        own_hostname=config.hostname,
        own_domainname=config.domainname,
        hostname=None if fqdn is None else getattr(fqdn, "hostname", ""),
        domainname="" if fqdn is None else getattr(fqdn, "domainname", ""),
        graceful=both(64),
        restart_time=0 if graceful is None else getattr(graceful, "restart_time", 0),
        graceful_families=_graceful_families(graceful),
    )


def _nexthop_families(said: _Said) -> tuple[str, ...]:
    entries = getattr(said.by_code.get(5), "entries", ())
    taken = {(afi, safi) for afi, safi, nexthop in entries if nexthop == Afi.IPV6}
    taken &= {IPV4_UNICAST, IPV4_VPN, IPV4_LABELED}  # FRR takes no others
    return tuple(name for family, name in _FAMILY_NAMES.items() if family in taken)


def _addpath(ours: _Said, said: _Said) -> tuple[tuple[str, Both, Both], ...]:
    """Who sends and who receives additional paths, the own side and the peer."""

    def families(side: _Said, way: AddPathMode) -> set[tuple[int, ...]]:
        capability = side.by_code.get(69)
        listed = getattr(capability, "families", ())
        return {(afi, safi) for afi, safi, mode in listed if mode & way}

    def both(family: tuple[int, ...], way: AddPathMode) -> Both:
        return Both(family in families(ours, way), family in families(said, way))

    told = (
        (name, both(family, AddPathMode.SEND), both(family, AddPathMode.RECEIVE))
        for family, name in _FAMILY_NAMES.items()
        if family in ours.families
    )
    return tuple((name, sends, receives) for name, sends, receives in told if sends or receives)


def _long_lived(capability: object) -> tuple[str, ...]:
    """Families with a stale time; FRR leaves out those without."""
    listed = getattr(capability, "families", ())
    return tuple(
        _FAMILY_NAMES[afi, safi]
        for afi, safi, _, seconds in listed
        if seconds and (afi, safi) in _FAMILY_NAMES
    )


def _graceful_families(graceful: object) -> tuple[tuple[str, bool], ...]:
    listed = getattr(graceful, "families", ())
    return tuple(
        (_FAMILY_NAMES[afi, safi], kept)
        for afi, safi, kept in listed
        if (afi, safi) in _FAMILY_NAMES
    )


def _unchanged(family: Family, lines: "PeerFamilyConfig") -> tuple[str, ...]:
    words = {
        "AS_PATH": lines.as_path_unchanged,
        # Routes of EVPN keep it in any case.
        "NEXT_HOP": lines.next_hop_unchanged or family == EVPN,
        "MED": lines.med_unchanged,
    }
    return tuple(word for word, on in words.items() if on)


def _family(bgpd: "Bgpd", peer: "Peer", family: Family) -> NeighborFamily:
    config = peer.config.family(family)
    lines = peer.families.get(family)
    group = None if lines is None or lines.group is None else lines.group
    nexthop_self = None
    if config.next_hop_self_force:
        nexthop_self = " for all routes"
    elif config.next_hop_self:
        nexthop_self = ""
    return NeighborFamily(
        find.family_name(family),
        peer_group=peer.own.group,
        group=None if group is None else group.id,
        route_reflector_client=bool(config.route_reflector_client),
        soft_reconfiguration=bool(config.soft_reconfiguration),
        addpath=config.addpath_tx,
        nexthop_self=nexthop_self,
        unchanged=_unchanged(family, config),
        communities=(
            config.send_community is not False,
            config.send_extended_community is not False,
            config.send_large_community is not False,
        ),
        default_originate=bool(config.default_originate),
        default_map=default_map(bgpd, config),
        default_sent=group is not None and is_given(group.profile.default),
        filters=tuple(filters_of(bgpd.config, family, config)),
        policy_missing_in=lines is not None and lines.policy_missing_in,
        policy_missing_out=lines is not None and lines.policy_missing_out,
        accepted=0 if lines is None else lines.accepted,
        sent=0 if lines is None else lines.sent,
        maximum=config.maximum_prefix,
        warning_only=bool(config.maximum_prefix_warning_only),
        threshold=config.maximum_prefix_threshold or 75,
        restart=config.maximum_prefix_restart,
        most_sent=config.maximum_prefix_out,
        weight=config.weight,
        condition=condition_line(peer, family, config),
        modes=filter_modes(peer, family, config),
        **filter_state(lines),
    )


def _reset(bgpd: "Bgpd", peer: "Peer") -> LastReset:
    state = peer.state
    last = state.last_notification
    reason = state.reset_reason
    told = reason.value in (13, 14)
    return LastReset(
        age=age(bgpd, state.times.reset),
        due=reason.text,
        code=reason.value,
        error=error_of(last) if told else None,
        sent=last is not None and not last.received,
        message=last.message if last is not None and _is_told(last, reason.value) else b"",
    )


def _is_told(last: "LastNotification", reason: int) -> bool:
    """True if the session went down by a NOTIFICATION of ours, whose cause is then shown."""
    return not last.received and reason in (11, 12, 14)


def _socket(peer: "Peer") -> Socket | None:
    state = peer.state
    if state.local is None or state.remote is None:
        return None
    own = state.nexthop
    return Socket(
        str(state.local.address),
        state.local.port,
        str(state.remote.address),
        state.remote.port,
        str(own.ipv4 or Address(Afi.IPV4, 0)),
        str(own.ipv6_global or Address(Afi.IPV6, 0)),
        str(own.ipv6_local or Address(Afi.IPV6, 0)),
        own.shared,
    )
