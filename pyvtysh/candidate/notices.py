"""What was taken back while nobody looked: kept beside the commits until a shell has said it."""

from collections.abc import Iterator
from pathlib import Path

_NAME = "notices"


def leave(folder: Path, when: str, said: str) -> None:
    """Keep a few lines for the next shell; OSError."""
    with open(folder / _NAME, "a", encoding="utf-8") as file:
        file.write("".join(f"% {when}: {line.removeprefix('% ')}\n" for line in said.splitlines()))


def told(folder: Path) -> Iterator[str]:
    """What was left, once; to who may not take it away nothing is told. OSError."""
    path = folder / _NAME
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
    except (FileNotFoundError, PermissionError):
        return
    yield text


def waits(folder: Path) -> bool:
    """Whether there is something to tell."""
    return (folder / _NAME).exists()
