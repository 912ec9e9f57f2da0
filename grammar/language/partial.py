"""Whether a word typed so far may still become a value of a variable, as FRR's `?` judges it."""

import re

from grammar.language.tokens import Kind, Variable, read

_IPV4 = re.compile(r"\d{1,3}(\.\d{1,3}){0,3}\.?\Z|\Z")
_IPV6 = re.compile(r"(?:[0-9a-fA-F]{0,4}:){0,8}(?:[0-9a-fA-F]{0,4}|\d{1,3}(?:\.\d{0,3}){1,3})\Z")
_MAC = re.compile(r"(?:[0-9a-fA-F]{2}:){0,5}[0-9a-fA-F]{0,2}\Z")


def could_become(variable: Variable, partial: str) -> bool:
    """True if `partial`, or more letters behind it, may give a value of the variable."""
    match variable.kind:
        case Kind.WORD | Kind.REST:
            return True
        case Kind.RANGE:
            return read(variable, partial) is not None
        case Kind.IPV4 | Kind.IPV6 | Kind.MAC:
            return read(variable, partial) is not None or _begins(variable.kind, partial)
        case Kind.IPV4_PREFIX | Kind.IPV6_PREFIX | Kind.MAC_PREFIX:
            address, slash, length = partial.partition("/")
            if length:
                return read(variable, partial) is not None
            return _begins(_ADDRESS[variable.kind], address, bool(slash))


_ADDRESS = {
    Kind.IPV4_PREFIX: Kind.IPV4,
    Kind.IPV6_PREFIX: Kind.IPV6,
    Kind.MAC_PREFIX: Kind.MAC,
}


def _begins(kind: Kind, text: str, ended: bool = False) -> bool:
    """True if an address may begin with `text`; `ended` says that a slash follows it."""
    match kind:
        case Kind.IPV4:
            parts = [part for part in text.split(".") if part]
            fits = len(parts) < 4 or not any(part[0] == "0" != part for part in parts)
            no_more = text.endswith(".") and len(parts) == 4
            return (
                bool(_IPV4.match(text))
                and fits
                and not no_more
                and all(int(part) < 256 for part in parts)
            )
        case Kind.IPV6:
            dotted = "." in text and ":" not in text
            return bool(_IPV6.match(text)) and not dotted and (not ended or ":" in text)
        case _:
            return bool(_MAC.match(text))
