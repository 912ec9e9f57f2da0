"""How a process is doing: what every daemon tells of itself, whatever it does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vitals:
    """Seconds, bytes and counts.

    `late` is how late the event loop was at its last beat, `most_late` at the worst one of the last
    minute; a beat is each second.
    """

    uptime: float = 0.0
    cpu: float = 0.0
    resident: int = 0
    late: float = 0.0
    most_late: float = 0.0
    descriptors: int = 0
    most_descriptors: int = 0
    sessions: int = 0
    """Clients of the vty sockets."""
