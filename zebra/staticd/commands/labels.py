"""`label A/B/...` of a static route: what FRR's configuration takes of such a word, and says."""

import re
from dataclasses import dataclass

from zebra.staticd.config import StaticHop, StaticPath

MOST_CHANGES = 16
"""To so many leaves of its model FRR's staticd brings one line; the labels come last."""

_NUMBER = re.compile(r"\+?\d+", re.ASCII)
_TOO_MANY = f"% Exceeded the maximum number of changes ({MOST_CHANGES}) for a single command\n\n"
_BAD = (
    "% Failed to edit configuration.\n\nYANG error(s):\n{}"
    ' YANG path: Schema location "/frr-routing:routing/control-plane-protocols/'
    "control-plane-protocol/frr-staticd:staticd/route-list/{}path-list/frr-nexthops/nexthop/"
    'mpls-label-stack/entry/label".\n'
)


@dataclass(frozen=True, slots=True)
class Labels:
    """The `good` labels of a word, as numbers, outermost first, and its `bad` parts."""

    good: tuple[int, ...]
    bad: tuple[str, ...]
    over: int
    """So many parts were beyond what a line may change."""

    def remark(self, *, sourced: bool) -> str:
        """What FRR tells of the rest; that is no error, and the line counts. `sourced`: `from`."""
        text = _TOO_MANY * self.over
        if self.bad:
            values = "".join(
                f' Invalid union value "{part}" - no matching subtype found.\n' for part in self.bad
            )
            text += _BAD.format(values, "src-list/" if sourced else "")
        return text


def read_labels(word: str | None, hop: StaticHop, path: StaticPath, before: StaticPath) -> Labels:
    """Read the word (None: there was none) of a line, whose next hop was `before` until now."""
    parts = word.split("/") if word is not None else []
    room = MOST_CHANGES - _other_changes(hop, path, before)
    taken = parts[:room]
    good = tuple(int(part) for part in taken if _is_label(part))
    bad = tuple(part for part in taken if not _is_label(part))
    return Labels(good, bad, len(parts) - len(taken))


def _other_changes(hop: StaticHop, path: StaticPath, before: StaticPath) -> int:
    """The destination, its distance, tag and next hop; and what else a line may say of it."""
    more = (
        hop.drop is not None,
        hop.gate is not None and hop.interface is not None,
        path.color is not None,
        bool(before.labels),
    )
    return 4 + sum(more)


def _is_label(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and 16 <= int(text) <= 1048575
