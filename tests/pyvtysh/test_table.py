"""The table that `vtysh -c` decides from says what the languages say, line by line."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.language.graph import State
from grammar.language.match import Match, match
from grammar.language.tokens import Kind, Variable, read
from grammar.node import ENABLE
from pyvtysh.commands import LANGUAGE
from pyvtysh.merged import MergedLanguage, Route, load_languages
from pyvtysh.table import fits, read_table, taker
from pyvtysh.tabulate import table_texts

SAMPLES = {
    Kind.WORD: ("name", "Red", "10", "10.0.0.1", "::1", "ipv4", "x" * 40),
    Kind.REST: ("a", "b|c", "10.0.0.0/8"),
    Kind.IPV4: ("192.0.2.1", "0.0.0.0", "1.2.3", "1.2.3.400", "01.2.3.4"),
    Kind.IPV4_PREFIX: ("10.0.0.0/8", "10.0.0.1/32", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0"),
    Kind.IPV6: ("2001:db8::1", "::", "::ffff:1.2.3.4", "1::2::3", "fe80::1%eth0"),
    Kind.IPV6_PREFIX: ("2001:db8::/32", "::/0", "::/129", "::/-1"),
    Kind.MAC: ("00:11:22:aa:BB:cc", "0:1:2:3:4:5", "00:11:22:aa:BB", "00:11:22:aa:BB:gg"),
    Kind.MAC_PREFIX: ("00:11:22:aa:BB:cc/48", "00:11:22:aa:BB:cc/49", "00:11:22:aa:BB:cc/"),
}
ODD = ("", "!", "?", "no", "do", "\x00", "\udcff", "٣", "+", "-", "+5", "-0", "007", "9" * 30, "/")


@cache
def merged() -> MergedLanguage:
    return MergedLanguage(LANGUAGE, load_languages())


@cache
def table() -> list[str]:
    return read_table()


def declared(words: list[str]) -> str:
    """Who takes the words by the languages: "" unless it is one command without doubt."""
    result = match(merged().graph(ENABLE), words)
    if not isinstance(result, Match):
        return ""
    assert isinstance(result.command, Route)
    return "vtysh" if result.command.own else ",".join(result.command.owners)


@pytest.mark.parametrize(("path", "text"), table_texts().items(), ids=Path)
def test_the_tables_are_up_to_date(path: str, text: str) -> None:
    assert Path(path).read_text() == text, (
        "run `python -m grammar.language.notation --write` and commit what it changed"
    )


@st.composite
def typed(draw: st.DrawFn) -> list[str]:
    """Words on a walk through the graph, some cut short, some wrong, some left out."""
    state: State = merged().graph(ENABLE).root
    words: list[str] = []
    for _ in range(draw(st.integers(1, 12))):
        state.open()
        edges = [*state.keywords.items(), *state.variables]
        if not edges:
            break
        label, state = draw(st.sampled_from(edges))
        words.append(draw(word_for(label)))
        if draw(st.integers(0, 9)) == 0:
            words[-1] = draw(st.sampled_from(ODD)) or words[-1]
    return words


def word_for(label: str | Variable) -> st.SearchStrategy[str]:
    if isinstance(label, str):
        return st.integers(1, 2 * len(label)).map(lambda length: label[:length])
    if label.kind is Kind.RANGE:
        return st.sampled_from([str(n + d) for n in (label.low, label.high) for d in (-1, 0, 1)])
    return st.sampled_from(SAMPLES[label.kind])


@given(typed())
def test_it_decides_as_the_languages_do(words: list[str]) -> None:
    assert taker(table(), words).partition(":")[0] == declared(words)


def test_every_command_is_in_it() -> None:
    """The shortest line of every state where a command ends, spelled out and abbreviated."""
    missing: list[str] = []
    seen: set[tuple[object, ...]] = set()

    def walk(state: State, words: list[str]) -> None:
        key = tuple((id(entry), rest) for entry, rest, _, _ in state.items)
        if key in seen:
            return
        seen.add(key)
        spellings = words, [word[:4] if word.isalpha() else word for word in words]
        missing.extend(
            " ".join(line)
            for line in spellings
            if line and taker(table(), line).partition(":")[0] != declared(line)
        )
        state.open()
        for text, following in state.keywords.items():
            walk(following, [*words, text])
        for variable, following in state.variables:
            low = str(variable.low)
            walk(following, [*words, SAMPLES.get(variable.kind, (low,))[0]])

    walk(merged().graph(ENABLE).root, [])
    assert not missing
    assert len(seen) > 200


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.WORD, Kind.REST)])
@given(
    st.one_of(
        st.sampled_from([word for words in SAMPLES.values() for word in words] + [*ODD[1:]]),
        st.from_regex(r"[-+]?\d{1,12}|[0-9a-fA-F:./]{1,20}", fullmatch=True),
        st.text(min_size=1, max_size=8),
    )
)
def test_it_reads_values_as_the_language_does(kind: Kind, word: str) -> None:
    bounds = (1, 4294967295) if kind is Kind.RANGE else (0, 0)
    variable = Variable(kind, "", *bounds, False, "x", False, 0)
    spelled = kind.name + (":1:4294967295" if kind is Kind.RANGE else "")
    assert fits(spelled, word) == (read(variable, word) is not None)
