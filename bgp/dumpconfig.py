"""What `dump bgp ...` says; `bgp.config` has the names of this module too."""

import re
from dataclasses import dataclass

_INTERVAL = re.compile(r"(?:(\d*)[hH])?(?:(\d*)[mM])?(\d*)")


def interval_seconds(text: str) -> int | None:
    """The seconds of an interval as FRR takes it (`1h30m`, `5m`, `60`); None if it is none."""
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None


@dataclass(slots=True, frozen=True)
class DumpConfig:
    """A `dump bgp ...` line: `kind` and `interval` as they were typed; the path may have places
    for the time (strftime)."""

    kind: str
    path: str
    interval: str | None = None

    @property
    def seconds(self) -> int:
        """How long a file is written until the next one is begun; 0: for ever."""
        return 0 if self.interval is None else interval_seconds(self.interval) or 0

    @property
    def extended(self) -> bool:
        """True if records have microseconds (`all-et`, `updates-et`)."""
        return self.kind.endswith("-et")
