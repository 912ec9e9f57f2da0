"""The expressions of `find`: POSIX extended ones, and what FRR says of those that are none."""

import re

from grammar.base.errors import CommandError, Status

_BRACES, _BRACKETS, _PARENTHESES = (
    f"Unbalanced {what}" for what in ("braces", "square brackets", "parentheses")
)
_REPETITION = "Bad repetition operator"
_MOST = 32767
"""What a repetition may count to (glibc's RE_DUP_MAX)."""

_BOUNDS = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def compiled(text: str) -> re.Pattern[str]:
    """The expression; CommandError in FRR's words."""
    try:
        return re.compile(_Reader(text).python())
    except (re.error, OverflowError):
        raise _refused("Invalid regular expression") from None


def _refused(reason: str) -> CommandError:
    return CommandError(f"% {reason}", Status.SUCCESS)


class _Reader:
    """Reads an expression from left to right and writes it as Python does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[int] = []
        self._closed = 0
        self._written: list[str] = []
        self._atom: int | None = None

    def python(self) -> str:
        """The expression for `re`; CommandError."""
        while self._at < len(self._text):
            self._step(self._text[self._at])
        if self._open:
            raise _refused(_PARENTHESES)
        return "".join(self._written)

    def _step(self, char: str) -> None:
        match char:
            case "\\":
                self._escape()
            case "[":
                self._put(self._bracket())
            case "(":
                self._open.append(len(self._written))
                self._write("(")
            case ")" if self._open:
                self._at += 1
                self._atom = self._open.pop()
                self._closed += 1
                self._written.append(")")
            case "*" | "+" | "?":
                self._repeat(char, 1)
            case "{":
                self._bounds()
            case "|" | "^":
                self._write(char)
            case "$" | ".":
                self._put(char, 1)
            case _:
                self._put(re.escape(char), 1)

    def _write(self, text: str) -> None:
        self._at += 1
        self._written.append(text)
        self._atom = None

    def _put(self, text: str, length: int = 0) -> None:
        self._at += length
        self._atom = len(self._written)
        self._written.append(text)

    def _repeat(self, operator: str, length: int) -> None:
        if self._atom is None:
            raise _refused(_REPETITION)
        self._at += length
        self._written[self._atom :] = [
            "(?:" + "".join(self._written[self._atom :]) + ")" + operator
        ]

    def _bounds(self) -> None:
        if self._atom is None:
            raise _refused(_REPETITION)
        found = _BOUNDS.match(self._text, self._at)
        if found is None or not (found[1] or found[2]):
            closed = re.match(r"\{(?:\d*,?\d*)\Z", self._text[self._at :]) is None
            raise _refused("Invalid {...} expression" if closed else _BRACES)
        low = int(found[1] or 0)
        high = int(found[3]) if found[3] else low
        if high < low:
            raise _refused("Invalid {...} expression")
        if max(low, high) > _MOST:
            raise CommandError("", Status.SUCCESS)  # FRR has no words for it
        self._repeat(f"{{{low},{found[3]}}}" if found[2] else found[0], len(found[0]))

    def _escape(self) -> None:
        if self._at + 1 == len(self._text):
            raise _refused("Regex ended with escape character (\\)")
        char = self._text[self._at + 1]
        if char in "123456789":
            if int(char) > self._closed:
                raise _refused("Invalid number in \\digit construction")
            self._put(f"(?:\\{char})", 2)
        else:
            self._put(f"\\{char}" if char in "wWsSbB" else re.escape(char), 2)

    def _bracket(self) -> str:
        text, at = self._text, self._at + 1
        written = "["
        if text[at : at + 1] == "^":
            written, at = "[^", at + 1
        first = at
        while at < len(text) and (text[at] != "]" or at == first):
            if text[at : at + 2] in ("[:", "[.", "[="):
                piece, at = self._named(at)
                written += piece
                continue
            if text[at + 1 : at + 2] == "-" and text[at + 2 : at + 3] not in ("", "]"):
                if text[at + 2] < text[at]:
                    raise _refused("Invalid endpoint in range expression")
                written += f"{re.escape(text[at])}-{re.escape(text[at + 2])}"
                at += 3
                continue
            written += re.escape(text[at])
            at += 1
        if at >= len(text):
            raise _refused(_BRACKETS)
        self._at = at + 1
        return f"{written}]"

    def _named(self, at: int) -> tuple[str, int]:
        """A class of characters, or one character by its name, and where it ends."""
        kind = self._text[at + 1]
        end = self._text.find(f"{kind}]", at + 2)
        if end < 0:
            raise _refused(_BRACKETS)
        name = self._text[at + 2 : end]
        if kind == ":":
            if name not in _CLASSES:
                raise _refused("Invalid character class name")
            return _CLASSES[name], end + 2
        if len(name) != 1:
            raise _refused("Invalid collation character")
        return re.escape(name), end + 2
