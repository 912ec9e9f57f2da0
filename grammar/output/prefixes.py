"""The texts of many prefixes, for long listings: what neighbouring ones share is made once."""

from bisect import bisect_left

from grammar.base.values import Afi, key_text

_LOW = (1 << 22) - 1
_KEPT = 1 << 14


class PrefixTexts:
    """Makes texts of sorted keys (`Prefix.key`), each filled with blanks to `width`.

    A text that leaves no blank is followed by `gap`. Of IPv4 the first two octets are made once
    for all prefixes that begin with them, and the rest once for all that end so.
    """

    def __init__(self, afi: Afi, width: int = 0, gap: str = "") -> None:
        self.afi = afi
        self._width = width
        self._gap = gap
        # By the length of what stands before them.
        self._lows = [_Lows(width - before, gap) for before in range(9)]

    def texts(self, keys: list[int]) -> list[str]:
        """The texts of some keys, which have to be sorted."""
        if self.afi is not Afi.IPV4:
            afi, width, gap = self.afi, self._width, self._gap
            plain = [key_text(afi, key) for key in keys]
            return [text.ljust(width) if len(text) < width else text + gap for text in plain]
        found: list[str] = []
        at, end = 0, len(keys)
        while at < end:
            head = keys[at] >> 22
            after = bisect_left(keys, head + 1 << 22, at)
            text = f"{head >> 8}.{head & 255}."
            lows = self._lows[len(text)]
            found += [text + lows[key & _LOW] for key in keys[at:after]]
            at = after
        return found


class _Lows(dict[int, str]):
    """The last two octets and the length, by the low bits of the key."""

    def __init__(self, room: int, gap: str) -> None:
        self._room = room
        self._gap = gap

    def __missing__(self, low: int) -> str:
        if len(self) >= _KEPT:
            self.clear()
        text = f"{low >> 14}.{low >> 6 & 255}/{low & 63}"
        made = self[low] = text.ljust(self._room) if len(text) < self._room else text + self._gap
        return made
