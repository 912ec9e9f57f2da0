"""`show bgp summary` from the state of neighbors."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bgp.config import FAMILIES, BgpConfig, Family
from bgp.familyconfig import LABELED
from bgp.show.build import find
from bgp.show.build.trees import own_nodes, rib_nodes
from bgp.show.views.misc import Later, Remark
from bgp.show.views.summary import Delay, FamilySummary, PeerLine, Summaries, SummaryView
from grammar.base.clock import dated
from grammar.base.values import Address
from grammar.output.time import log_time

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.peerstate import LastNotification


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed behind `summary`; None is what was not there."""

    only: str | None = None
    """`established` or `failed`."""
    peer: Address | str | None = None
    remote_as: int | str | None = None
    """A number, `internal` or `external`."""
    terse: str | None = None
    wide: str | None = None


def age(bgpd: "Bgpd", since: float | None) -> int | None:
    """Whole seconds since a time of the monotonic clock."""
    return None if since is None else max(0, int(bgpd.clock.now() - since))


def age_of(bgpd: "Bgpd", since: float) -> int:
    """Whole seconds since a moment of the steady clock."""
    return max(0, int(bgpd.clock.steady() - since))


def error_of(last: "LastNotification | None") -> tuple[int, int, str, bool] | None:
    """A NOTIFICATION as views have it: code, subcode, FRR's words, hard."""
    if last is None:
        return None
    from bgp.wire.notification import Notification

    words = Notification(last.code, last.subcode, last.data).text
    return last.code, last.subcode, words, last.hard


def reset_text(peer: "Peer") -> str:
    """Why the session is down, in words."""
    last = peer.state.last_notification
    if last is None or peer.state.reset_reason.value not in (13, 14):
        return peer.state.reset_reason.text
    error = error_of(last)
    words = "" if error is None else error[2] + ("/Hard Reset" if last.hard else "")
    return f"Notification {'received' if last.received else 'sent'} ({words})"


def summary(
    bgpd: "Bgpd",
    kind: str | None,
    name: str | None,
    families: tuple[Family, ...] | None,
    words: Words,
    *,
    single: bool = False,
) -> Later | Remark:
    """The summary of some families (None: of all) of one instance; `single`: one was named."""
    wanted = FAMILIES if families is None else families
    if name == "all":
        return Later(_all(bgpd, wanted, words))
    instance = bgpd.instances.get(find.instance_name(kind, name))
    if instance is None:
        return Remark("% BGP instance not found", "{}")
    if words.peer is not None:
        find.peer(instance, words.peer)
    chosen = [
        each
        for each in instance.sorted_peers()
        if (words.peer is None or each.name == words.peer) and _of_as(each, words.remote_as)
    ]
    filtered = words.peer is not None or words.remote_as is not None
    options = replace(_empty(instance, words), filtered=filtered, single=single)
    return Later(_summary(bgpd, instance, wanted, chosen, options))


def _empty(instance: "Instance", words: Words) -> SummaryView:
    return SummaryView(
        (),
        find.title(instance),
        find.vrf_name(instance),
        only=words.only,
        terse=words.terse is not None,
        wide=words.wide is not None,
    )


def _all(
    bgpd: "Bgpd", families: tuple[Family, ...], words: Words
) -> Generator[None, None, Summaries]:
    """The summaries of every instance; as in FRR all neighbors are in them."""
    views = []
    for instance in list(bgpd.instances.values()):
        peers, options = list(instance.sorted_peers()), _empty(instance, words)
        views.append((yield from _summary(bgpd, instance, families, peers, options)))
    return Summaries(tuple(views))


def _summary(
    bgpd: "Bgpd",
    instance: "Instance",
    families: tuple[Family, ...],
    chosen: "list[Peer]",
    options: SummaryView,
) -> Generator[None, None, SummaryView]:
    views = []
    for family in families:
        view = yield from _family(bgpd, instance, family, chosen)
        if view is not None:
            views.append(view)
    return replace(options, families=tuple(views))


def _of_as(peer: "Peer", remote_as: int | str | None) -> bool:
    if remote_as is None:
        return True
    if isinstance(remote_as, str):
        return (remote_as == "external") is peer.is_ebgp
    return peer.remote_as == remote_as


def _family(
    bgpd: "Bgpd", instance: "Instance", family: Family, chosen: "list[Peer]"
) -> Generator[None, None, FamilySummary | None]:
    active = [peer for peer in instance.sorted_peers() if find.is_active(peer, family)]
    table = instance.tables.get(family)
    if not active or table is None:
        return None
    version, nodes = table.version, (yield from rib_nodes(instance, table))
    if family in LABELED:
        # FRR tells of a table that has nothing but the `network` lines of the family.
        version, nodes = own_nodes(instance, family)
    return FamilySummary(
        find.family_name(family),
        find.family_key(family),
        find.title(instance),
        find.vrf_name(instance),
        find.vrf_number(instance),
        find.router_id(instance),
        instance.asn,
        version,
        nodes,
        len(active),
        tuple(_line(bgpd, peer, family) for peer in active if peer in chosen),
        len(active),
        _bestpath(instance.config),
        len(instance.config.groups),
        sum(peer.own.dynamic is not None for peer in active),
        instance.ranges.limit,
        instance.penalties.of(family) is not None,
        len([each for each in active if each in chosen]) + len(instance.peers) - len(chosen),
        delay=_delay(instance),
    )


def _bestpath(config: BgpConfig) -> tuple[tuple[str, str | bool], ...]:
    relaxed = "as-set" if config.bestpath_multipath_as_set else "true"
    told: dict[str, str | bool] = {}
    if config.bestpath_as_path_confed:
        told["asPath"] = "confed"
    elif config.bestpath_as_path_ignore:
        told["asPath"] = "ignore"
    told["multiPathRelax"] = relaxed if config.bestpath_multipath_relax else "false"
    if config.bestpath_peer_type_relax:
        told["peerTypeRelax"] = True
    if config.bestpath_compare_routerid:
        told["compareRouterId"] = "true"
    if config.bestpath_med_missing_as_worst:
        told["med"] = "missing-as-worst"
    elif config.bestpath_med_confed:
        told["med"] = "true"
    return tuple(told.items())


def _delay(instance: "Instance") -> Delay | None:
    """What there is to tell of `update-delay`."""
    found = instance.readonly
    if not found.delay:
        return None
    first, resumed, told = (
        None if moment is None else log_time(moment)
        for moment in (found.first, found.resumed, found.told)
    )
    return Delay(found.delay, found.wait, first, resumed, told, found.active)


def _mark(peer: "Peer", family: Family) -> tuple[str | None, str]:
    """What stands in place of counts, and JSON's `peerState`."""
    lines = peer.families.get(family)
    if peer.shut_down:
        return "Idle (Admin)", "Admin"
    if peer.over_limit:
        return "Idle (PfxCt)", "PfxCt"
    blind = peer.main.session.config.override_capability
    if peer.main.state.value == "Established" and (blind or lines is None or not lines.active):
        return "NoNeg", "OK"
    if peer.config.passive:
        return None, "Passive"
    return None, "OK"


def _line(bgpd: "Bgpd", peer: "Peer", family: Family) -> PeerLine:
    state, lines = peer.state, peer.families.get(family)
    mark, peer_state = _mark(peer, family)
    up = peer.main.state.value == "Established"
    missing_in = lines is not None and lines.policy_missing_in
    missing_out = lines is not None and lines.policy_missing_out
    if peer_state == "OK" and (missing_in or missing_out):
        peer_state = "Policy"
    moment = state.times.established_steady
    return PeerLine(
        name=str(peer),
        remote_as=peer.remote_as,
        local_as=peer.local_as,
        received=state.received.total,
        sent=state.sent.total,
        uptime=age(bgpd, state.times.changed),
        state=peer.main.state.value,
        accepted=lines.accepted if up and lines is not None else 0,
        announced=lines.sent if up and lines is not None else 0,
        established_epoch=None if moment is None else int(dated(bgpd.clock, moment)),
        hostname=state.identity.hostname or None,
        titled=peer.instance.config.on(peer.instance.config.default_show_hostname),
        description=peer.config.description,
        mark=mark,
        policy_in=up and missing_in,
        policy_out=up and missing_out,
        peer_state=peer_state,
        connections=state.established,
        dropped=state.dropped,
        inq=peer.inbox,
        id_type=_id_type(peer),
        dynamic=peer.own.dynamic is not None,
        reset_text=reset_text(peer),
        reset_due=state.reset_reason.text,
        reset_code=state.reset_reason.value,
        error=error_of(state.last_notification) if state.reset_reason.value in (13, 14) else None,
    )


def _id_type(peer: "Peer") -> str:
    return peer.name.afi.word if isinstance(peer.name, Address) else "interface"
