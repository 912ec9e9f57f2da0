"""Lines that nobody takes, that are taken by halves, or that a daemon refuses."""

from collections.abc import Iterator

from bgp.config import BgpConfig
from grammar.base.errors import Status
from grammar.base.values import Prefix
from grammar.language.complete import complete
from grammar.language.match import Ambiguous, Incomplete, Match, Unknown, match
from grammar.node import CONFIG, ENABLE, VIEW, Node
from pyvtysh.lint.reading import LONGEST, Reading, Refusal, Statement
from pyvtysh.lint.report import Finding, Rule, Severity
from pyvtysh.lint.report import word as shown
from pyvtysh.nearest import keywords_at, nearest

UNKNOWN = Rule("unknown-line", Severity.ERROR, "No daemon knows the line in this place.")
AMBIGUOUS = Rule("ambiguous-line", Severity.ERROR, "An abbreviation may mean several things.")
INCOMPLETE = Rule("incomplete-line", Severity.ERROR, "Words are missing at the end of the line.")
REFUSED = Rule("refused-line", Severity.ERROR, "The daemon understands the line and refuses it.")
WARNED = Rule("doubtful-line", Severity.WARNING, "The daemon takes the line with a warning.")
STRAY = Rule(
    "stray-exit", Severity.ERROR, "An `exit` outside of all blocks: lines behind it are not read."
)
NO_TEXT = Rule("not-text", Severity.WARNING, "A character that is no text; a NUL ends the line.")
TOO_LONG = Rule(
    "long-line", Severity.ERROR, "FRR takes a line of more than 4094 bytes for several."
)
NO_AS = Rule("neighbor-without-as", Severity.ERROR, "A neighbor that has no `remote-as` line.")
NO_GROUP = Rule(
    "undefined-peer-group",
    Severity.ERROR,
    "A peer-group that is named before it is made, or never.",
)
OVERLAP = Rule(
    "overlapping-listen-ranges", Severity.ERROR, "Ranges of `bgp listen` with addresses in common."
)
RULES = (
    UNKNOWN,
    AMBIGUOUS,
    INCOMPLETE,
    REFUSED,
    WARNED,
    STRAY,
    NO_TEXT,
    TOO_LONG,
    NO_AS,
    NO_GROUP,
    OVERLAP,
)

_SENTENCES = {
    "Specify remote-as or peer-group commands first": NO_AS,
    "Specify remote-as or peer-group remote AS first": NO_AS,
    "Create the peer-group or interface first": NO_GROUP,
    "Configure the peer-group first": NO_GROUP,
    "Listen range overlaps with existing listen range": OVERLAP,
}
"""Refusals of bgpd that are a rule of their own."""

_OFFERED = 6
_TOO_MANY = 24
_HELPED = 200
"""Unknown lines for which it is looked what was meant: a file with more is none of ours."""


def check(reading: Reading) -> Iterator[Finding]:
    """What is wrong with single lines."""
    for number, column, odd in reading.odd:
        if len(odd) > 1:
            yield TOO_LONG.at(number, column, f"the line has more than {LONGEST} characters")
        else:
            yield NO_TEXT.at(number, column, f"no text: {ascii(odd)[1:-1]}")
    told: set[object] = set()
    helped = 0
    for statement in reading.statements:
        if statement.fault is not None:
            finding = _fault(reading, statement, help_=helped < _HELPED)
            helped += 1
            yield finding
        if statement.strays:
            words = "leaves the configuration: what follows would not be read"
            yield STRAY.at(statement.number, statement.column(), words)
        answers: dict[tuple[str, Status], list[str]] = {}
        for refusal in statement.refusals:
            answers.setdefault((refusal.text, refusal.status), []).append(refusal.daemon)
        for (text, status), daemons in answers.items():
            refusal = Refusal(", ".join(daemons), text, status)
            yield from _refusal(reading, statement, refusal, told)


def _fault(reading: Reading, statement: Statement, *, help_: bool) -> Finding:
    fault = statement.fault
    assert fault is not None
    node, words = statement.node, statement.words
    result, at = fault.result, statement.node
    while isinstance(result, Unknown) and at is not CONFIG and at.parent is not None:
        at = at.parent
        above = match(reading.language.graph(at), words)
        if not isinstance(above, Unknown) or above.index > result.index:
            node, result = at, above
    match result:
        case Ambiguous(index=index):
            may = _offers(reading, node, words[:index], words[index], "it may be")
            message = f"`{shown(words[index])}` is ambiguous"
            return AMBIGUOUS.at(statement.number, statement.column_of(index), message, may)
        case Incomplete():
            column = statement.column_of(len(words))
            may = _offers(reading, node, words, "")
            return INCOMPLETE.at(statement.number, column, "the line is incomplete", may)
        case Unknown(index=index):
            index = min(index, len(words) - 1)
            return _unknown(reading, statement, node, index, help_=help_)
    return _by_lists(statement)


def _by_lists(statement: Statement) -> Finding:
    """What FRR's lists say of a line of a daemon that has no counterpart here."""
    fault = statement.fault
    assert fault is not None
    rules = {
        Status.AMBIGUOUS: (AMBIGUOUS, "the line is ambiguous"),
        Status.INCOMPLETE: (INCOMPLETE, "the line is incomplete"),
    }
    rule, message = rules.get(fault.status, (UNKNOWN, "the line is not known here"))
    return rule.at(statement.number, statement.column(), message)


def _unknown(
    reading: Reading, statement: Statement, node: Node, index: int, *, help_: bool
) -> Finding:
    fault, words = statement.fault, statement.words
    assert fault is not None
    if not index and fault.status != Status.NO_MATCH:
        return _by_lists(statement)
    word = words[index]
    place = "" if node is CONFIG else f" in `{node.name}`"
    message = f"`{shown(word)}` is not known here{place}"
    hint = None
    if help_:
        hint = _elsewhere(reading, statement) or _meant(reading, node, words, index)
    return UNKNOWN.at(statement.number, statement.column_of(index), message, hint)


def _elsewhere(reading: Reading, statement: Statement) -> str | None:
    """The node that takes the line as it stands, if there is one."""
    words = statement.words
    nodes = {node for language in reading.language.languages.values() for node in language.nodes()}
    above: Node | None = statement.node
    while above is not None:
        nodes.discard(above)
        above = above.parent
    for node in sorted(nodes - {VIEW, ENABLE}, key=lambda each: (each.number, each.name)):
        if isinstance(match(reading.language.graph(node), words), Match):
            return f"it is a line of `{node.name}`"
    of_enable = words[1:] if words[0] == "do" else words
    if isinstance(match(reading.language.graph(ENABLE), of_enable), Match):
        return "it is no line of a configuration"
    return None


def _meant(reading: Reading, node: Node, words: list[str], index: int) -> str | None:
    """The keyword that was meant, or what may stand there."""
    graph = reading.language.graph(node)
    keywords = keywords_at(graph, words[:index])
    if index == 0 and node is not CONFIG:
        keywords += reading.language.graph(CONFIG).root.keywords
    close = nearest(words[index], keywords)
    if close:
        return f"did you mean {' or '.join(f'`{word}`' for word in close)}?"
    if not index or len(keywords) > _TOO_MANY:
        return None
    return _offers(reading, node, words[:index], "")


def _offers(
    reading: Reading, node: Node, words: list[str], partial: str, say: str = "here may stand"
) -> str | None:
    offered = complete(reading.language.graph(node), words, partial)
    texts = [each.text for each in offered.candidates]
    if not texts and not offered.complete:
        return None
    if not texts:
        return "the line ends ahead of it"
    shown = [*texts[:_OFFERED], *(["..."] if len(texts) > _OFFERED else [])]
    return f"{say} {', '.join(shown)}"


def _refusal(
    reading: Reading, statement: Statement, refusal: Refusal, told: set[object]
) -> Iterator[Finding]:
    """A refusal; what follows from one missing line is told once for each neighbor."""
    rule = REFUSED if refusal.status != Status.WARNING else WARNED
    rule = next((known for says, known in _SENTENCES.items() if says in refusal.text), rule)
    column = statement.column()
    message = f"{refusal.daemon}: {refusal.text or 'refused without a word'}"
    if rule in (NO_AS, NO_GROUP):
        subject = statement.values.get("group" if rule is NO_GROUP else "peer")
        subject = subject or statement.values.get("peer")
        if (rule, id(statement.place), subject) in told:
            return
        told.add((rule, id(statement.place), subject))
        column = statement.column(subject)
    if rule is OVERLAP:
        column = statement.column(statement.values.get("prefix"))
        message += _overlapped(reading, statement)
    yield rule.at(statement.number, column, message)


def _overlapped(reading: Reading, statement: Statement) -> str:
    """Which range it meets."""
    bgp, prefix = statement.place, statement.values.get("prefix")
    if not isinstance(bgp, BgpConfig) or not isinstance(prefix, Prefix):
        return ""
    for known in bgp.listen_ranges:
        if known.covers(prefix.network) or prefix.covers(known):
            made = reading.find(known, like="^bgp listen range", place=bgp)
            return f": {prefix} and {known} of line {made.number}"
    return ""
