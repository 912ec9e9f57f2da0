"""The kept inputs of each target: a file of hexadecimal lines."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.fuzz.seeds import seeds

FOLDER: Final = Path(__file__).parent / "corpus"


def kept(name: str) -> list[bytes]:
    """What is kept of a target."""
    path = FOLDER / f"{name}.hex"
    return (
        [bytes.fromhex(line) for line in path.read_text().split("\n")[:-1]] if path.exists() else []
    )


def inputs(name: str) -> list[bytes]:
    """The seeds of a target and what is kept."""
    return list(dict.fromkeys((*seeds(name), *kept(name))))


def keep(name: str, found: Iterable[bytes]) -> None:
    """Write the file anew: shorter inputs first."""
    lines = sorted({one.hex() for one in found} - {one.hex() for one in seeds(name)})
    lines.sort(key=len)
    (FOLDER / f"{name}.hex").write_text("".join(f"{line}\n" for line in lines))
