"""The first steps of the decision as one number for each path: most prefixes need no others.

These steps look at a path alone, so they put all paths in one order. What comes behind them (MED
between paths of one neighbouring AS, the path in use) takes two paths to compare.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from bgp.compiled import compiled
from bgp.rib.path import LLGR_STALE, Origination, Path

if TYPE_CHECKING:
    from bgp.rib.rules import Rules

_WORD: Final = 0xFFFFFFFF
_SERIALS: Final = 20
_SERIAL: Final = (1 << _SERIALS) - 1
_KNOWN: Final[dict[int, int]] = {}
_MOST: Final = 4096


def rank(path: Path, rules: "Rules") -> int:
    """The place of a path in the order of the steps up to the origin, the best has the lowest.

    In the lowest bits is a number of the rules, so ranks by the same rules compare. It stays with
    the path.
    """
    attrs = path.attrs
    stale = attrs.may_be_marked and LLGR_STALE in attrs.communities
    preference = attrs.local_pref
    if preference is None:
        preference = rules.local_pref
    length = 0
    if not rules.as_path_ignore:
        as_path = attrs.as_path
        length = as_path.length
        if rules.count_confederation:
            length += as_path.confederation_length
    found = (stale << 32 | _WORD - path.weight) << 32 | _WORD - preference
    learnt = path.origination is Origination.LEARNT
    found = ((found << 1 | learnt) << 24 | length) << 2 | attrs.origin
    number = found << _SERIALS | _serial(rules)
    # There are few of them; as one object each they cost nothing.
    if len(_KNOWN) > _MOST:
        _KNOWN.clear()
    path.rank = _KNOWN.setdefault(number, number)
    return path.rank


def _serial(rules: "Rules") -> int:
    return 1 + rules.serial % _SERIAL


def leaders(paths: Sequence[Path], rules: "Rules") -> list[Path]:
    """Those of the valid paths that have the lowest rank, in their order."""
    return leading(paths, _serial(rules), lambda path: rank(path, rules))


@compiled
def leading(paths: Sequence[Path], serial: int, rank_of: Callable[[Path], int]) -> list[Path]:
    """The valid ones of some paths with the lowest rank; `rank_of` gives one that is not known yet.

    A rank is known if it ends in the serial.
    """
    paths = [path for path in paths if path.valid]
    if len(paths) < 2:
        return paths
    ranks = [path.rank if path.rank & _SERIAL == serial else rank_of(path) for path in paths]
    least = min(ranks)
    return [path for path, its in zip(paths, ranks, strict=True) if its == least]
