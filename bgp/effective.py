"""What is in force for a neighbour: its own lines, else the instance's, else FRR's defaults."""

from dataclasses import fields
from typing import Final

from bgp import orf
from bgp.config import (
    BgpConfig,
    Family,
    PeerConfig,
    PeerFamilyConfig,
)
from bgp.negotiation import SessionConfig
from bgp.wire.capability import AddPathMode, GracefulMode, Role

_ROLES: Final = {role.word: role for role in Role}

RESTART_TIME = 120
STALEPATH_TIME = 360
DEFER_TIME = 360

_OWN: Final = {
    "name",
    "group",
    "families",
    "dynamic",
    "by_interface",
    "v6only",
    "ebgp_multihop",
    "ttl_security_hops",
    "description",
    "solo",
    "graceful_restart",
    "graceful_restart_helper",
    "graceful_restart_disable",
    "activate",
    "addpath_tx",
}
"""Fields that a group does not hand on while it runs (FRR copies some of them when one joins)."""

_LINES: Final = (
    {"local_as", "local_as_no_prepend", "local_as_replace_as"},
    {"shutdown", "shutdown_message"},
    {"shutdown_rtt", "shutdown_rtt_count"},
    {"local_role", "local_role_strict"},
    {"as_path_unchanged", "next_hop_unchanged", "med_unchanged"},
    {"keepalive", "hold"},
    {"bfd", "bfd_profile", "bfd_check_control_plane"},
    {"default_originate", "default_originate_map"},
    {"maximum_prefix", "maximum_prefix_threshold", "maximum_prefix_restart"},
)
"""Fields that one line sets: a member that has any of them takes none of the group's."""


def _sets(kind: type) -> tuple[tuple[str, ...], ...]:
    names = [field.name for field in fields(kind) if field.name not in _OWN]
    sets = {tuple(sorted(next((s for s in _LINES if name in s), {name}))) for name in names}
    return tuple(sorted(sets))


_PEER_SETS: Final = _sets(PeerConfig)
_FAMILY_SETS: Final = _sets(PeerFamilyConfig)
_PEER_OWN: Final = tuple(
    f.name for f in fields(PeerConfig) if f.name in _OWN and f.name not in ("name", "families")
)
_FAMILY_OWN: Final = tuple(f.name for f in fields(PeerFamilyConfig) if f.name in _OWN)


def resolve(bgp: BgpConfig, own: PeerConfig, into: PeerConfig) -> bool:
    """Write what is in force for a neighbour into `into`: its own lines, else its group's.

    True if anything changed. The objects of the families in `into` stay the same ones.
    """
    group = None if own.group is None else bgp.groups.get(own.group)
    changed = _inherit(_PEER_SETS, own, group, into)
    for name in _PEER_OWN:
        changed |= _set(into, name, getattr(own, name))
    families = set(own.families) | set(group.families if group is not None else ())
    for family in families:
        lines, target = own.family(family), into.family(family)
        of_group = None if group is None else group.family(family)
        changed |= _inherit(_FAMILY_SETS, lines, of_group, target)
        for name in _FAMILY_OWN:
            changed |= _set(target, name, getattr(lines, name))
    return changed


def _inherit(
    sets: tuple[tuple[str, ...], ...], own: object, group: object | None, into: object
) -> bool:
    changed = False
    for names in sets:
        if len(names) == 1:
            value = getattr(own, names[0])
            if value is None and group is not None:
                value = getattr(group, names[0])
            if getattr(into, names[0]) != value:
                setattr(into, names[0], value)
                changed = True
            continue
        source = own
        if group is not None and all(getattr(own, name) is None for name in names):
            source = group
        for name in names:
            changed |= _set(into, name, getattr(source, name))
    return changed


def _set(target: object, name: str, value: object) -> bool:
    if getattr(target, name) == value:
        return False
    setattr(target, name, value)
    return True


def keepalive(bgp: BgpConfig, peer: PeerConfig) -> int:
    """Configured keepalive in seconds, lowered to a third of the hold time as FRR does it."""
    interval = _first(peer.keepalive, bgp.timers[0])
    return min(interval, hold(bgp, peer) // 3)


def hold(bgp: BgpConfig, peer: PeerConfig) -> int:
    """Configured hold time in seconds."""
    return _first(peer.hold, bgp.timers[1])


def connect_retry(bgp: BgpConfig, peer: PeerConfig) -> int:
    """Seconds between attempts to connect."""
    return _first(peer.connect_retry, 10 if bgp.datacenter else 120)


def is_member(bgp: BgpConfig, peer: PeerConfig) -> bool:
    """True for a neighbour in another AS of the own confederation (RFC 5065)."""
    if bgp.confederation_id is None or peer.remote_as in (bgp.asn, peer.local_as):
        return False
    return peer.remote_as in bgp.confederation_peers


def local_as(bgp: BgpConfig, peer: PeerConfig) -> int:
    """The AS number that a neighbour is told: outside a confederation that of the whole."""
    if peer.local_as is not None:
        return peer.local_as
    remote = peer.remote_as
    inside = remote in ("internal", bgp.asn) or remote in bgp.confederation_peers
    if bgp.confederation_id is None or inside:
        return bgp.asn
    return bgp.confederation_id


def is_external(bgp: BgpConfig, peer: PeerConfig) -> bool:
    """True for an eBGP neighbour."""
    remote = peer.remote_as
    if isinstance(remote, str):
        return remote == "external"
    if remote is None or is_member(bgp, peer):
        return False
    return remote != (peer.local_as or bgp.asn)


def activated(bgp: BgpConfig, peer: PeerConfig, family: Family) -> bool:
    """True if the family is to be offered to the neighbour."""
    lines = peer.families.get(family)
    if lines is not None and lines.activate is not None:
        return lines.activate
    return bgp.activates(family)


def graceful_mode(bgp: BgpConfig, peer: PeerConfig | None = None) -> GracefulMode:
    """The graceful-restart mode of a neighbour, else of the instance; FRR's default is helper."""
    if peer is not None:
        if peer.graceful_restart_disable:
            return GracefulMode.DISABLED
        if peer.graceful_restart:
            return GracefulMode.RESTARTER
        if peer.graceful_restart_helper:
            return GracefulMode.HELPER
    if bgp.graceful_restart_disable:
        return GracefulMode.DISABLED
    return GracefulMode.RESTARTER if bgp.graceful_restart else GracefulMode.HELPER


def defer_time(bgp: BgpConfig) -> int:
    """Seconds to wait for neighbours after a restart, 0 for none."""
    return _first(bgp.graceful_restart_select_defer_time, DEFER_TIME)


def stalepath_time(bgp: BgpConfig) -> int:
    """Seconds that stale routes stay at most."""
    return _first(bgp.graceful_restart_stalepath_time, STALEPATH_TIME)


def session_config(
    bgp: BgpConfig,
    peer: PeerConfig,
    router_id: int,
    families: tuple[Family, ...],
    *,
    hostname: str,
    domainname: str = "",
    restarted: bool = False,
    over_ipv6: bool = False,
) -> SessionConfig:
    """What the session of a neighbour needs to know; `over_ipv6` tells of its own address."""
    remote = peer.remote_as
    return SessionConfig(
        local_as=local_as(bgp, peer),
        router_id=router_id,
        peer_as=remote,
        hold_time=hold(bgp, peer),
        keepalive=keepalive(bgp, peer),
        minimum_hold_time=bgp.minimum_holdtime or 0,
        connect_retry=connect_retry(bgp, peer),
        delay_open=peer.delay_open or 0,
        # Who connected from a range is never connected to.
        passive=bool(peer.passive) or peer.dynamic is not None,
        families=families,
        hostname=hostname,
        domainname=domainname,
        dont_capability_negotiate=bool(peer.dont_capability_negotiate),
        strict_capability_match=bool(peer.strict_capability_match),
        override_capability=bool(peer.override_capability),
        extended_nexthop=over_ipv6 and bool(peer.by_interface or peer.capability_extended_nexthop),
        graceful=graceful_mode(bgp, peer),
        restart_time=_first(bgp.graceful_restart_restart_time, RESTART_TIME),
        restarted=restarted,
        long_lived_time=bgp.long_lived_stale_time or 0,
        forwarding_kept=bool(bgp.graceful_restart_preserve_fw_state),
        graceful_notification=bgp.graceful_restart_notification is not False,
        confederation=is_member(bgp, peer),
        role=None if peer.local_role is None else _ROLES[peer.local_role],
        strict_role=bool(peer.local_role_strict),
        dynamic=bool(peer.capability_dynamic),
        extended_parameters=bool(peer.extended_optional_parameters),
        orf=tuple((f, orf.wanted(peer.families.get(f))) for f in families if _trades(peer, f)),
        addpath=_addpath(peer, families),
        hard_administrative_reset=bgp.hard_administrative_reset is not False,
    )


def _addpath(
    peer: PeerConfig, families: tuple[Family, ...]
) -> tuple[tuple[Family, AddPathMode], ...]:
    # FRR offers to send ids in all families as soon as it is to do so in one of them.
    sends = any(peer.families[f].addpath_tx for f in families if f in peer.families)
    modes = {f: AddPathMode(2 * sends + (not _takes_one(peer, f))) for f in families}
    return tuple((f, mode) for f, mode in modes.items() if mode is not AddPathMode.RECEIVE)


def _trades(peer: PeerConfig, family: Family) -> bool:
    return bool(orf.wanted(peer.families.get(family)))


def _takes_one(peer: PeerConfig, family: Family) -> bool:
    lines = peer.families.get(family)
    return lines is not None and bool(lines.disable_addpath_rx)


def _first(own: int | None, default: int) -> int:
    return default if own is None else own
