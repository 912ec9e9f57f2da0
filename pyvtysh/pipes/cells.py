"""How wide text is on a terminal: letters of East Asia and emoji have two cells, accents none."""

import unicodedata

_NONE = frozenset(("Mn", "Me", "Cf"))
_TWO = frozenset("WF")


def cells(text: str) -> int:
    """The cells of a text (Unicode Standard Annex 11; ambiguous letters have one)."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(letter) in _NONE else 1 + (_is_wide(letter)) for letter in text
    )


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in _TWO


def padded(text: str, width: int, *, right: bool = False) -> str:
    """With blanks behind, or ahead, up to so many cells."""
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks
