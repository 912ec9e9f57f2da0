"""What a terminal would obey is shown instead: text of neighbors and of configurations is not ours.

A neighbor chooses its host name and the words of its shutdown, whoever writes a file the
descriptions. FRR's vtysh prints them as they are, to terminals too; here programs get the same
bytes, and on a terminal an escape reads `\\x1b`.
"""

import re

_OBEYED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\udc80-\udc9f]")
"""Control characters but for tabs and newlines, what turns the direction of text, bytes that are
control characters where UTF-8 is not spoken."""
_OBEYED_BYTES = re.compile(
    rb"[\0-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)


def visible(text: str) -> str:
    """The text, harmless."""
    return _OBEYED.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    number = ord(found[0])
    if 0xDC00 < number < 0xDD00:  # a byte that is no UTF-8
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def visible_bytes(data: bytes) -> bytes:
    """The same of UTF-8; a character that lies half in the next piece stays."""
    return _OBEYED_BYTES.sub(lambda found: visible(found[0].decode()).encode(), data)
