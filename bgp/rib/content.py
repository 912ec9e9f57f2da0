"""Whether what a table holds for a prefix says something else than before."""

from bgp.rib.path import Dest, Entry, Path, best_of


def differs(old: Entry, entry: Entry | None, best: Path | None) -> bool:
    """True if an entry says something else than the one before it, of which `best` was chosen."""
    now = best_of(entry)
    if now is None or best is None:
        return now is not best
    if now is best and _alone(old) and _alone(entry):
        return False
    if not same_content(now, best):
        return True
    # The multipath set counts for zebra only, and only where there can be one.
    if type(old) is Path and type(entry) is Path:
        return False
    return not _same_multipath(old, entry)


def _alone(entry: Entry | None) -> bool:
    return type(entry) is Path or (type(entry) is Dest and entry.is_alone)


def _same_multipath(old: Entry, entry: Entry | None) -> bool:
    before = old.multipath if type(old) is Dest else (old,)
    after = entry.multipath if type(entry) is Dest else (entry,)
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(same_content(a, b) for a, b in pairs)  # type: ignore[arg-type]


def same_content(a: Path, b: Path) -> bool:
    """True if two paths say the same: FRR's "duplicate ignored"."""
    return a is b or (
        a.attrs is b.attrs
        and a.source is b.source
        and a.path_id == b.path_id
        and a.gateway == b.gateway
        and a.link_local == b.link_local
        and a.weight == b.weight
        and a.nexthop is b.nexthop
        and a.label == b.label
        and a.hop_set == b.hop_set
    )
