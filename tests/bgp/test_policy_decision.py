"""Filters decide once for each set of attributes, and ask prefixes only what differs."""

from bgp.policy.decision import Asked, Decision, Each


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
