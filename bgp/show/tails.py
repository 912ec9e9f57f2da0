"""Texts of what stands behind the prefix in rows, made once for paths that are met again."""

from bgp.show.views.table import Columns, NextHopText


class Tails:
    """The tails of rows in one form; at most `most` of a kind are kept, then all are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        # The objects are kept with their texts: their ids stay their own as long as that.
        self._kept: dict[int, tuple[Columns, str]] = {}
        self._hops: dict[int, tuple[tuple[NextHopText, ...], str]] = {}

    def kept(self, columns: Columns) -> str:
        """The tail of columns that may come again."""
        known = self._kept.get(id(columns))
        if known is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            known = self._kept[id(columns)] = (columns, self.made(columns))
        return known[1]

    def hops(self, columns: Columns) -> str:
        """The text of the next hops, which many columns share."""
        hops = columns.nexthops
        known = self._hops.get(id(hops))
        if known is None:
            if len(self._hops) >= self._most:
                self._hops.clear()
            known = self._hops[id(hops)] = (hops, self.hops_made(columns))
        return known[1]

    def made(self, columns: Columns) -> str:
        """The tail of columns."""
        raise NotImplementedError

    def hops_made(self, columns: Columns) -> str:
        """The text of their next hops."""
        raise NotImplementedError
