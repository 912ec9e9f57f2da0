from dataclasses import dataclass
@dataclass(frozen=True, slots=True)
class Debugging:
    """`show debugging`."""
    lines: tuple[str, ...]
