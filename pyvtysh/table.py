"""Which daemons take a line, read from a small text: what `vtysh -c` needs of the language.

The files are token graphs as text, made by `pyvtysh.tabulate`: line N is state N (line 0 is a
remark), with tabs between

    who takes a line that ends here: daemons with commas, `vtysh:TOPIC` or nothing; `>NODE` behind
    them says which node the line opens
    the keywords that may follow, as WORD=STATE, sorted, with blanks between
    the variables that may follow, as KIND=STATE or RANGE:LOW:HIGH=STATE

Line 1 of `exec.table` is the start of the enable node. Line 1 of `config.table` lists the nodes,
the config node first: each START:PARENT:DAEMONS:OURS, its parent counted from 0, the last empty if
only FRR's own daemons know its lines.

The walk is that of `grammar.language.match`, and is tested against it. Only what a line visits is
read, and nothing is imported but the interpreter's own `_socket`: all of it takes some 100 us.
"""

from _socket import AF_INET, AF_INET6, inet_pton

_NAMES = (
    "zebra ripd ripngd ospfd ospf6d ldpd bgpd isisd pimd nhrpd eigrpd babeld sharpd fabricd"
    " watchfrr pbrd staticd bfdd vrrpd pathd pim6d"
)

ORDER = tuple(_NAMES.split())
"""FRR's daemons in the order in which vtysh asks them."""

EXEC = __file__.removesuffix("table.py") + "exec.table"
"""The file of the enable node."""

CONFIG_NODES = __file__.removesuffix("table.py") + "config.table"
"""The file of the config node and all nodes below it."""

_MOST_WORDS = 255
_MOST_DIGITS = 20


def read_table(path: str = EXEC) -> list[str]:
    """The states; OSError when the file cannot be read."""
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def taker(table: list[str], words: list[str], root: str = "1") -> str:
    """Who takes a line of these words; "" if nobody, or if the line is ambiguous or incomplete."""
    found = readings(table, words, root)
    return found[0] if len(found) == 1 else ""


def readings(table: list[str], words: list[str], root: str) -> list[str]:
    """Who takes each of the best readings of a line; several if it is ambiguous."""
    if not words or len(words) > _MOST_WORDS:
        return []
    return _best(table, [root], words)


def begins(table: list[str], words: list[str], root: str) -> bool:
    """Whether the words may be the beginning of a line, or are one in several ways."""
    places = {root}
    for word in words[:_MOST_WORDS]:
        classes: tuple[list[str], ...] = ([], [], [], [])
        for place in places:
            _step(table[int(place)], word, classes)
        places = {following for found in classes for following in found}
    return bool(places)


def _best(table: list[str], places: list[str], words: list[str]) -> list[str]:
    """Who takes each of the best readings: typed values before keywords before WORD."""
    while words:
        word, *words = words
        classes: tuple[list[str], ...] = ([], [], [], [])
        for place in places:
            _step(table[int(place)], word, classes)
        *better, places = [found for found in classes if found] or [[]]
        for candidates in better:
            if found := _best(table, candidates, words):
                return found
        if not places:
            return []
    owners = [table[int(place)].partition("\t")[0] for place in places]
    return [owner for owner in owners if owner]


def _step(state: str, word: str, classes: tuple[list[str], ...]) -> None:
    typed, exact, partial, free = classes
    _, keywords, variables = state.split("\t")
    for edge in variables.split():
        kind, _, following = edge.partition("=")
        if kind == "WORD":
            free.append(following)
        elif fits(kind, word):
            typed.append(following)
    for edge in keywords.split():
        if edge.startswith(word):
            keyword, _, following = edge.partition("=")
            if keyword.startswith(word):
                (exact if keyword == word else partial).append(following)


def fits(kind: str, word: str) -> bool:
    """Whether a word is a value of a variable of this kind (other than WORD)."""
    if kind.startswith("RANGE"):
        _, low, high = kind.split(":")
        return _in_range(word, int(low), int(high))
    address, slash, length = word.partition("/")
    family, slash_wanted, longest = _KINDS[kind]
    if bool(slash) != slash_wanted:
        return False
    if slash and not (length.isascii() and length.isdigit() and _in_range(length, 0, longest)):
        return False
    return _is_mac(address) if family is None else _is_address(address, family)


_KINDS = {
    "IPV4": (AF_INET, False, 32),
    "IPV4_PREFIX": (AF_INET, True, 32),
    "IPV6": (AF_INET6, False, 128),
    "IPV6_PREFIX": (AF_INET6, True, 128),
    "MAC": (None, False, 48),
    "MAC_PREFIX": (None, True, 48),
}


def _in_range(word: str, low: int, high: int) -> bool:
    digits = word[1:] if word[0] in "+-" else word
    if not (digits.isascii() and digits.isdigit()):
        return False
    digits = digits.lstrip("0") or "0"
    return len(digits) <= _MOST_DIGITS and low <= int(word[0].strip("0123456789") + digits) <= high


def _is_address(text: str, family: int) -> bool:
    try:
        inet_pton(family, text)
    except (OSError, ValueError):
        return False
    return True


def _is_mac(text: str) -> bool:
    parts = text.split(":")
    return len(parts) == 6 and all(
        0 < len(part) <= 2 and all(digit in "0123456789abcdefABCDEF" for digit in part)
        for part in parts
    )
