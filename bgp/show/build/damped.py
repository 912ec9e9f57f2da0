"""Route flap dampening, from the penalties of a family."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.familyconfig import EVPN
from bgp.rib.dampening import is_history
from bgp.rib.path import Path, paths_of, reason_of
from bgp.rib.path import best_of as best_path
from bgp.rib.path import multipath_of as best_paths
from bgp.show.build import find
from bgp.show.build.table import RowMaker, head, stored
from bgp.show.views.damped import AllParameters, Damping, DampingParameters, FlapPath, FlapsView
from bgp.show.views.misc import Fixed
from grammar.base.values import Afi, key_text

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer


def damping(instance: "Instance", family: Family, key: int, path: Path) -> Damping | None:
    """What there is to tell of a path; None if it never flapped."""
    penalties = instance.penalties.of(family)
    found = None if penalties is None else penalties.of(key, path)
    if found is None:
        return None
    began = int(instance.bgpd.clock.wall()) - found.seconds
    return Damping(found.penalty, found.count, found.seconds, began, found.reuse)


def parameters(instance: "Instance", family: Family) -> DampingParameters | Fixed:
    """`show bgp dampening parameters`."""
    penalties = instance.penalties.of(family)
    if penalties is None:
        return Fixed(f"dampening not enabled for {find.family_name(family)}\n", "")
    curve = penalties.curve
    return DampingParameters(
        curve.half_life, curve.reuse, curve.suppress, curve.longest, curve.ceiling
    )


def parameters_of_all(instance: "Instance", word: str | None) -> AllParameters:
    """The same of every family there is, whoever speaks it: FRR names them all."""
    families = [
        (afi, safi)
        for afi in (Afi.IPV4, Afi.IPV6)
        for safi in (find.SAFI_ORDER if word in (None, afi.word) else ())
    ]
    families += [EVPN] if word is None else []
    return AllParameters(
        tuple((find.family_name(family), parameters(instance, family)) for family in families),
        spaced=word is not None,
    )


def flaps(
    instance: "Instance", family: Family, peer: "Peer | None" = None, *, held: bool = False
) -> FlapsView:
    """The paths that flapped, of all neighbors or of one; those that are `held` back only."""
    table = instance.tables[stored(family)]
    maker = RowMaker(instance, table)

    def rows() -> Iterator[tuple[str, tuple[FlapPath, ...]] | None]:
        for item in table.walk():
            if item is None:
                yield None
                continue
            key, entry = item
            best, together, reason = best_path(entry), best_paths(entry), reason_of(entry)
            found = []
            for path in paths_of(entry):
                maker.counted += 1
                source: object = path.source
                told = damping(instance, family, key, path) if peer in (None, source) else None
                if told is None or (held and (told.reuse is None or is_history(path))):
                    continue
                row = maker.row_path(path, best, path in together, reason)
                found.append(FlapPath(row, told))
            if found:
                yield key_text(table.afi, key), tuple(found)

    return FlapsView(head(instance, stored(family)), rows(), maker.total, held)
