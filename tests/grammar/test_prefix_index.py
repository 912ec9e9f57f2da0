"""Prefix-lists with many rules: the same answers as a walk over them, and soon."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.base.values import Afi, Prefix
from grammar.filters.model import PrefixList, PrefixRule


@st.composite
def prefixes(draw: st.DrawFn, afi: Afi, longest: int) -> Prefix:
    # Few bits, so that prefixes cover each other.
    length = draw(st.integers(0, longest))
    bits = draw(st.integers(0, (1 << min(length, 4)) - 1)) << max(length - 4, 0)
    return Prefix(afi, bits << (afi.bits - length), length)


@st.composite
def rules(draw: st.DrawFn, afi: Afi) -> PrefixRule:
    permit = draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        return PrefixRule(permit)
    prefix = draw(prefixes(afi, 8))
    low = draw(st.none() | st.integers(prefix.length, 12))
    high = draw(st.none() | st.integers(low or prefix.length, afi.bits))
    return PrefixRule(permit, prefix, low, high)


@settings(max_examples=50, deadline=None)
@given(st.data(), st.sampled_from(Afi))
def test_the_first_rule_that_covers_is_found(data: st.DataObject, afi: Afi) -> None:
    found = PrefixList(afi=afi)
    numbers = data.draw(st.lists(st.integers(1, 50), unique=True, max_size=20))
    for number in numbers:
        found.put(number, data.draw(rules(afi)))
    for number in numbers[::3]:
        assert found.take(number)
    for _ in range(20):
        prefix = data.draw(prefixes(afi, 14))
        by_walk = next((rule for rule in found.rules.values() if rule.covers(prefix)), None)
        assert found.match(prefix.key) is by_walk
    for rule in found.rules.values():
        assert found.find(rule) == next(n for n, r in found.rules.items() if r == rule)
    assert list(found.rules) == sorted(found.rules)


def test_a_long_list_is_made_and_asked_soon() -> None:
    start = time.process_time()
    found = PrefixList()
    for number in range(5000):
        rule = PrefixRule(number % 2 == 0, Prefix(Afi.IPV4, 10 << 24 | number << 8, 24), le=32)
        assert found.find(rule) is None
        found.put(None, rule)
    for number in range(50_000):
        found.permits_key((10 << 24 | number % 10_000 << 8) << 6 | 24)
    assert time.process_time() - start < 2
    assert [rule.hits for rule in found.rules.values()] == [5] * 5000
