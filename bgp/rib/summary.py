"""What several routes say together: an aggregate's attributes, or those of paths side by side."""

from collections.abc import Iterable, Sequence

from bgp.attrs import AttrPool, AttrSet
from bgp.wire.attributes.aspath import AsPath, Segment


class Summary:
    """What the routes below an aggregate have in common, or have all together."""

    def __init__(self) -> None:
        self.count = 0
        self.origin = 0
        self.meds: set[int | None] = set()
        self._paths: dict[AsPath, None] = {}
        self._values: dict[str, set[object]] = {
            name: set() for name in ("communities", "ext_communities", "large_communities")
        }

    def add(self, attrs: AttrSet) -> None:
        """One more route."""
        self.count += 1
        self.origin = max(self.origin, attrs.origin)
        self.meds.add(attrs.med)
        self._paths[attrs.as_path] = None
        for name, values in self._values.items():
            values.update(getattr(attrs, name))

    def merged(self) -> dict[str, object]:
        """The AS path of them all, and their communities."""
        found: dict[str, object] = {"as_path": merged_paths(self._paths)}
        for name, values in self._values.items():
            found[name] = tuple(sorted(values))  # type: ignore[type-var]
        return found


def merged_paths(paths: Iterable[AsPath]) -> AsPath:
    """The numbers that all paths begin with, and the others as a set (RFC 4271 F.6)."""
    given = list(paths)
    flat = [[asn for _, asns in path.segments for asn in asns] for path in given]
    leading = []
    for path in given:
        first = path.segments[0] if path.segments else (2, ())
        leading.append(first[1] if first[0] == 2 else ())
    same = 0
    while all(len(asns) > same for asns in leading) and len({asns[same] for asns in leading}) == 1:
        same += 1
    rest = sorted({asn for asns in flat for asn in asns[same:]})
    segments: list[Segment] = []
    if same:
        segments.append((2, tuple(flat[0][:same])))
    if rest:
        segments.append((1, tuple(rest)))
    return given[0] if len(given) == 1 else AsPath(segments)


def union(attrs: Sequence[AttrSet], pool: AttrPool) -> AttrSet:
    """The first ones with the AS path, origin and communities of them all, and no next hop.

    As FRR announces what `bgp bestpath as-path multipath-relax as-set` uses side by side.
    """
    summary = Summary()
    for one in attrs:
        summary.add(one)
    return attrs[0].replace(pool, origin=summary.origin, nexthop=None, **summary.merged())
