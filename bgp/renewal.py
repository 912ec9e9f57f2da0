"""What happens when lists and route-maps change while routes are there (FRR's delay-timer)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from bgp.config import PeerFamilyConfig
from bgp.peerfamily import PeerFamily
from grammar.base.scheduler import Handle
from grammar.base.values import Safi
from grammar.filters import FilterEffect

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.policy.evaluate import Chain

DELAY = 5
"""Seconds from the last change of a route-map to its effect, unless a line says otherwise."""

Name = tuple[str, str]
"""(name of a `FilterEffect`, name of the list or map)."""


class Renewal:
    """Collects changes; routes are looked at again when the delay is over.

    A list that a neighbour names itself has effect on what goes out at once, and on what comes in
    not before the next soft clear; a route-map has it on both, after the delay (FRR).
    """

    def __init__(self, bgpd: "Bgpd") -> None:
        self._bgpd = bgpd
        self._maps: set[str] = set()
        self._timer: Handle | None = None

    def changed(self, changed: Collection[tuple[FilterEffect, str]]) -> None:
        """Lists or maps came, went or changed."""
        bgpd = self._bgpd
        bgpd.policy.changed()
        prefix_lists = {name for effect, name in changed if effect is FilterEffect.PREFIX_LIST}
        if prefix_lists:
            for state in self._families():
                if state.config.prefix_list_in in prefix_lists:
                    state.orf.renew()
        lists = {(e.name, name) for e, name in changed if e is not FilterEffect.ROUTE_MAP}
        if lists:
            self._outward(lists)
        for each in bgpd.config.filters.concerned(changed):
            self._maps.add(each)
            route_map = bgpd.config.filters.route_maps.get(each)
            if route_map is not None:
                route_map.changed += 1
        delay = bgpd.config.route_map_delay
        seconds = DELAY if delay is None else delay
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # FRR: a delay of 0 means that changes have no effect on routes that are there.
        if seconds and self._maps:
            self._timer = bgpd.call_later(seconds, self._over)

    def everything(self) -> None:
        """Any of them may have changed: look at all routes at once."""
        self._bgpd.policy.changed()
        self._maps.update(self._bgpd.config.filters.route_maps)
        self._maps.update(self.in_use())
        self._over()

    def in_use(self) -> set[str]:
        """The route-maps that lines of instances and neighbours name."""
        found: set[str | None] = set()
        for bgp in self._bgpd.config.instances.values():
            for family in bgp.families.values():
                found.update(line.route_map for line in family.networks.values())
                found.update(line.route_map for line in family.redistribute.values())
                for one in family.aggregates.values():
                    found.update((one.route_map, one.suppress_map))
                found.add(family.table_map)
            for peer in (*bgp.peers.values(), *bgp.groups.values()):
                for lines in peer.families.values():
                    found.update(_maps_of(lines))
        return {name for name in found if name is not None}

    def _over(self) -> None:
        self._timer = None
        maps, self._maps = self._maps, set()
        for name in maps:
            route_map = self._bgpd.config.filters.route_maps.get(name)
            if route_map is not None:
                route_map.changed = 0
        changed = {(FilterEffect.ROUTE_MAP.name, name) for name in maps}
        for instance in self._bgpd.instances.values():
            instance.configure_origins(maps)
            instance.defaults.policy_changed(maps)
            instance.configure_table_maps(maps)
        for state in self._families():
            if _concerns(state.chain_in, changed):
                state.peer.instance.soft_in(state.peer, state)
            if state.config.unsuppress_map in maps:
                state.regroup()
        self._outward(changed)

    def _outward(self, changed: set[Name]) -> None:
        for state in self._families():
            state.regroup()
        for instance in self._bgpd.instances.values():
            for groups in instance.groups.values():
                for group in groups:
                    profile = group.profile
                    if _concerns(profile.chain, changed) or _concerns(profile.unsuppress, changed):
                        group.reconsider()

    def _families(self) -> list[PeerFamily]:
        return [
            state
            for instance in self._bgpd.instances.values()
            for peer in instance.peers.values()
            for family, state in peer.families.items()
            if state.active
            and (family[1] is not Safi.FLOWSPEC or state.chain_in or state.chain_out)
        ]


def _concerns(chain: "Chain | None", changed: set[Name]) -> bool:
    return chain is not None and any(pair in changed for pair in chain.names())


def _maps_of(lines: PeerFamilyConfig) -> tuple[str | None, ...]:
    condition = lines.advertise_map
    return (
        lines.route_map_in,
        lines.route_map_out,
        lines.default_originate_map,
        lines.unsuppress_map,
        None if condition is None else condition.name,
        None if condition is None else condition.condition,
    )
