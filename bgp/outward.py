"""The key of the update-group that a family of a neighbour belongs to, from the configuration."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bgp.config import UNICAST
from bgp.familyconfig import LABELED
from bgp.policy.communities import extended_value
from bgp.policy.evaluate import Chain
from bgp.rib.defaults import Default
from bgp.rib.export import Profile
from bgp.rib.special import Special
from bgp.rib.txids import ONLY_BEST

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily


def profile(instance: "Instance", peer: "Peer", state: "PeerFamily") -> Profile:
    """The key; the neighbour is established."""
    terms = peer.negotiated
    assert terms is not None  # only established neighbours have groups
    config, lines = peer.config, state.config
    return Profile(
        state.family,
        peer.is_ebgp,
        peer.local_as,
        _prepended(instance, peer),
        terms.as4,
        terms.max_length,
        lines.route_map_out,
        state.policy_missing_out or state.orf.waiting,
        bool(lines.next_hop_self or lines.next_hop_self_force),
        bool(lines.next_hop_self_force),
        bool(lines.route_reflector_client),
        instance.cluster_id,
        instance.default_local_pref,
        config.advertisement_interval or 0,
        multiprotocol=state.family in terms.extended_nexthop,
        chain=_completed(instance, state, state.chain_out),
        default=_default(instance, state),
        standard=lines.send_community is not False,
        extended=lines.send_extended_community is not False,
        large=lines.send_large_community is not False,
        solo=str(peer.name) if config.solo else None,
        unsuppress=state.chain_unsuppress and _completed(instance, state, state.chain_unsuppress),
        confederation=peer.is_confederation,
        special=_special(instance, peer, state),
        paths=_paths(peer, state),
        link_local_unchanged=bool(lines.nexthop_local_unchanged),
        whole_rates=bool(config.disable_link_bw_encoding_ieee),
        pool=instance.bgpd.pool,
        reflected_policy=bool(instance.config.route_reflector_outbound_policy),
    )


def _paths(peer: "Peer", state: "PeerFamily") -> str | None:
    terms = peer.negotiated
    if terms is None or state.family not in terms.addpath_send:
        return None
    return state.config.addpath_tx or ONLY_BEST


def _completed(instance: "Instance", state: "PeerFamily", chain: Chain | None) -> Chain | None:
    """The filters with the neighbour's own one (ORF), and with what depends on a condition."""
    received, lines = state.orf.applied, state.config.advertise_map
    if received is None and lines is None:
        return chain
    none = Chain(None, None, None, None, instance.bgpd.policy)
    condition = None if lines is None else instance.conditions.of(state.family, lines)
    return replace(chain or none, received=received, condition=condition)


def _prepended(instance: "Instance", peer: "Peer") -> tuple[int, ...]:
    config = peer.config
    if peer.is_confederation:
        return (instance.asn,)
    if not peer.is_ebgp:
        return ()
    if config.local_as is None or config.local_as == instance.asn:
        return (peer.local_as,)
    real = () if config.local_as_replace_as else (instance.asn,)
    return (config.local_as, *real)


def _special(instance: "Instance", peer: "Peer", state: "PeerFamily") -> Special | None:
    bgp, lines, config = instance.config, state.config, peer.config
    avoid = bool(config.sender_as_path_loop_detection)
    private, override = lines.private_as, bool(lines.as_override)
    by_number = avoid or override or private is not None
    external = peer.is_ebgp
    plain = Special(instance.bgpd.pool, state.family, instance.asn)
    special = Special(
        instance.bgpd.pool,
        state.family,
        instance.asn,
        peer_as=peer.remote_as if by_number else 0,
        as_path_unchanged=bool(lines.as_path_unchanged),
        next_hop_unchanged=bool(lines.next_hop_unchanged),
        med_unchanged=bool(lines.med_unchanged),
        route_server=bool(lines.route_server_client),
        private_as=private,
        override=override,
        avoid=avoid,
        shutting_down=instance.pace.shutting_down,
        site=None if lines.soo is None else extended_value("soo", lines.soo),
        max_med=instance.pace.max_med,
        confederation=(bgp.confederation_id or 0) if external else 0,
        clients_apart=bgp.client_to_client is False,
        limit=lines.maximum_prefix_out,
        local_as=(bool(config.local_as_no_prepend), bool(config.local_as_replace_as)),
        role=config.local_role if state.family in UNICAST else None,
    )
    return None if special == plain else special


def _default(instance: "Instance", state: "PeerFamily") -> Default | None:
    lines = state.config
    if not lines.default_originate or state.family in LABELED:
        return None  # FRR has no default route with a label
    return instance.defaults.of(state.family, lines.default_originate_map)
