"""Filters decide once for each set of attributes, and ask prefixes only what differs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bgp.compiled import TWINS
from bgp.policy.decision import Asked, Decision, Each
from bgp.policy.prefixes import Listed
from grammar.base.values import Afi, Prefix
from grammar.filters.model import PrefixList, PrefixRule


def test_an_outcome_is_worked_out_once_for_each_way_through_the_questions() -> None:
    decision: Decision[str] = Decision()
    worked_out: list[int] = []
    questions: list[tuple[str, int]] = []

    def odd(key: int) -> bool:
        questions.append(("odd", key))
        return key % 2 == 1

    def small(key: int) -> bool:
        questions.append(("small", key))
        return key < 10

    def evaluate(asked: Asked) -> str:
        worked_out.append(asked.key)
        if asked.ask(Each(odd)):
            return "odd"
        return "small" if asked.ask(Each(small)) else "large"

    keys = [1, 2, 3, 4, 20, 22, 21]
    found = [decision.of(key, evaluate).value for key in keys]
    assert found == ["odd", "small", "odd", "small", "large", "large", "odd"]
    assert worked_out == [1, 2, 20]
    # Each prefix is asked each question once: lists count their hits by it.
    assert len(questions) == len(set(questions)) == 7 + 4
    assert decision.for_all is None
    del questions[:], worked_out[:]
    together: Decision[str] = Decision()
    groups = [("odd", [1, 3, 21]), ("small", [2, 4]), ("large", [20, 22])]
    assert together.divide(keys, evaluate) == decision.divide(keys, evaluate) == groups
    assert worked_out == [1, 2, 20]
    assert len(questions) == 2 * len(set(questions)) == 2 * (7 + 4)


def test_without_questions_it_holds_for_all() -> None:
    decision: Decision[int] = Decision()
    leaf = decision.of(5, lambda asked: 7)
    assert decision.for_all is leaf
    assert decision.of(6, lambda asked: 8) is leaf


FEW = st.integers(0, 15)


@st.composite
def networks(draw: st.DrawFn, afi: Afi) -> Prefix:
    # Few bits, so that they cover each other.
    length = draw(st.integers(0, 8))
    return Prefix(afi, (draw(FEW) & (1 << min(length, 4)) - 1) << afi.bits - min(length, 4), length)


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(Afi))
def test_many_prefixes_are_told_apart_as_each_by_itself(data: st.DataObject, afi: Afi) -> None:
    lists = [PrefixList(afi=afi) for _ in range(3)]
    for _ in range(data.draw(FEW)):
        prefix = data.draw(st.none() | networks(afi))
        least = data.draw(st.none() | st.integers(prefix.length, 9)) if prefix else None
        permit = data.draw(st.booleans())
        for one in lists:
            one.put(None, PrefixRule(permit, prefix, least, afi.bits if prefix else None))
    keys = [prefix.key for prefix in data.draw(st.lists(networks(afi), max_size=40))]
    singly, pure, at_once = lists
    passed = [key for key in keys if singly.permits_key(key)]
    refused = [key for key in keys if key not in passed]
    index = pure.index
    plain = TWINS["divide"](keys, index.starts, index.answers, index.mask)
    assert Listed(at_once).divide(keys) == (passed, refused)
    assert plain == (passed, refused) or not pure.rules
    hits = [[rule.hits for rule in one.rules.values()] for one in lists]
    assert hits[0] == hits[1] == hits[2]
