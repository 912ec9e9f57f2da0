"""`test route-map NAME in|out neighbor N`: a map in place of the one in use, over the live table.

Each route is run through both, by the code that takes and announces routes; only the filters count
nothing. A table is walked in steps, each an empty text of the answer, so that nothing waits for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bgp.acceptance import Acceptance
from bgp.explain.ear import AllEars, listening, until_over
from bgp.explain.filters import points_of
from bgp.explain.inbound import received_route, shaped_by
from bgp.explain.outbound import announced_values, third_party
from bgp.explain.quiet import Noted, QuietPolicy
from bgp.explain.trace import TracedPolicy
from bgp.explain.words import differences, path_values
from bgp.familyconfig import family_title, table_family
from bgp.policy.evaluate import Chain
from bgp.rib.export import announce
from bgp.rib.path import Path, paths_of, told_of
from grammar.base.values import Prefix
from grammar.output.outline import Fields, Point, plural, rendered

if TYPE_CHECKING:
    from bgp.negotiated import Negotiated
    from bgp.peerfamily import PeerFamily
    from bgp.policy.evaluate import Policy
    from bgp.rib.export import Profile

SHOWN: Final = 50
"""Differences that are listed, unless all are asked for."""
_STEP: Final = 32
"""Routes between two pauses: a millisecond or two."""

Values = dict[str, object]
Outcome = Values | None
"""What a route is like behind the filters; None if it is refused."""


@dataclass(slots=True)
class Tally:
    """What the map changes: counts, and as many differences as are shown."""

    most: int
    total: int = 0
    accepted: int = 0
    accepted_now: int = 0
    gained: int = 0
    lost: int = 0
    changed: int = 0
    differences: list[Point] = field(default_factory=list)

    def add(self, prefix: Prefix, now: Outcome, then: Outcome) -> str | None:
        """Count a route; the sign of a difference that is to be listed."""
        self.total += 1
        self.accepted += then is not None
        self.accepted_now += now is not None
        sign = None
        if now is None and then is not None:
            sign, self.gained = "+", self.gained + 1
        elif now is not None and then is None:
            sign, self.lost = "-", self.lost + 1
        elif now is not None and then is not None and now != then and differences(now, then):
            sign, self.changed = "~", self.changed + 1
        return sign if len(self.differences) < self.most else None


class Trial:
    """One map in one direction of a family of a neighbour."""

    def __init__(self, state: "PeerFamily", name: str, way: str, most: int) -> None:
        self.state = state
        self.name = name
        self.way = way
        self.how = ""
        self.tally = Tally(most)
        self._policy: Policy = QuietPolicy(state.peer.instance.bgpd.policy)

    def chain(self, chain: Chain | None, name: str | None = None) -> Chain | None:
        """A direction's filters that count nothing, with the map in its place if it is named."""
        if name is None:
            return None if chain is None else replace(chain, policy=self._policy)
        base = chain or Chain(None, None, None, None, self._policy)
        return replace(base, route_map=name, policy=self._policy)

    def note(self, key: int, now: Outcome, then: Outcome, why: str) -> None:
        """A route fares so now, and so with the map."""
        prefix = Prefix.from_key(self.state.family[0], key)
        sign = self.tally.add(prefix, now, then)
        if sign is None:
            return
        changes: list[Point] = []
        if sign == "~" and now is not None and then is not None:
            changes = differences(now, then)
        said = "; ".join(point.text for point in changes)
        word = "accepted" if self.way == "in" else "announced"
        said = {"+": f"{word}, now it is not", "-": f"not {word} any more: {why}"}.get(sign, said)
        fields: Fields = {"prefix": str(prefix), "change": _CHANGES[sign]}
        if sign == "-":
            fields["why"] = why
        bare = [replace(point, text="") for point in changes]
        parts = {"attributes": bare} if bare else {}
        self.tally.differences.append(Point(f"{sign} {prefix}: {said}", fields, parts))

    def summary(self) -> Point:
        """The counts, and the differences below."""
        tally, title = self.tally, family_title(self.state.family)
        word = "accepted" if self.way == "in" else "announced"
        where = f"route-map {self.name} {self.way}, neighbor {self.state.peer}, {title}"
        said = (
            f"{where}: {plural(tally.total, 'route')}{self.how}, {tally.accepted} {word} "
            f"(now {tally.accepted_now}): {tally.gained} more, {tally.lost} fewer, "
            f"{tally.changed} changed"
        )
        fields: Fields = {
            "routeMap": self.name,
            "direction": self.way,
            "neighbor": str(self.state.peer),
            "family": title,
            "routes": tally.total,
            "accepted": tally.accepted,
            "acceptedNow": tally.accepted_now,
            "refused": tally.total - tally.accepted,
            "gained": tally.gained,
            "lost": tally.lost,
            "changed": tally.changed,
        }
        hidden = tally.gained + tally.lost + tally.changed - len(tally.differences)
        parts = {"differences": list(tally.differences)}
        if hidden:
            text = f"and {plural(hidden, 'difference')} more (`all` lists them)"
            parts["more"] = [Point(text, {"count": hidden})]
        return Point(said, fields, parts)


_CHANGES: Final = {"+": "gained", "-": "lost", "~": "changed"}


def run(trial: Trial, *, as_json: bool, may_ask: bool) -> Iterator[str]:
    """The answer."""
    if trial.way == "in":
        yield from _inward(trial, may_ask=may_ask)
    else:
        yield from _outward(trial)
    yield from rendered(trial.summary(), as_json=as_json)


# --- inwards ---


def _inward(trial: Trial, *, may_ask: bool) -> Iterator[str]:
    state = trial.state
    terms = state.peer.negotiated
    assert terms is not None  # the family is in use
    inward = _Inward(trial, terms)
    if state.adj_in is not None:
        for by_path in state.adj_in.portions():
            for path, keys in by_path.items():
                yield from inward.judge(path, keys)
        return
    if may_ask and terms.route_refresh:
        with listening([state], AllEars) as ears:
            yield from until_over(ears)
        for (_, key), path in ears[0].ear.heard.items():
            yield from inward.judge(path, [key])
        return
    trial.how = " that are in the table (what was refused is not known)"
    for item in state.peer.instance.tables[table_family(state.family)].walk():
        if item is None:
            yield ""
            continue
        for path in paths_of(item[1]):
            if path.source is state.peer:
                yield from inward.judge(path, [item[0]])


class _Inward:
    """Judges what was received, by the filters in use and by those with the map."""

    def __init__(self, trial: Trial, terms: "Negotiated") -> None:
        state = trial.state
        self._trial = trial
        self._now = Acceptance(state.peer, state, terms)
        self._then = Acceptance(state.peer, state, terms)
        self._then.policy_missing = False
        self._chain_now = trial.chain(self._now.chain)
        self._chain_then = trial.chain(self._now.chain, trial.name)
        self._path: Path | None = None
        self._known: tuple[Outcome, Outcome] | None = None
        self._count = 0

    def judge(self, path: Path, keys: list[int]) -> Iterator[str]:
        """Count the routes of a path to some prefixes."""
        if path is not self._path:
            self._path, self._known = path, None
        for key in keys:
            self._count += 1
            if not self._count % _STEP:
                yield ""
            known = self._known
            if known is None:
                now, looked = self._taken(self._now, self._chain_now, path, key)
                then, looked_too = self._taken(self._then, self._chain_then, path, key)
                known = now, then
                if not (looked or looked_too):
                    self._known = known
            why = "" if known[0] is None or known[1] is not None else self._why(path, key)
            self._trial.note(key, *known, why)

    def _taken(
        self, rules: Acceptance, chain: Chain | None, path: Path, key: int
    ) -> tuple[Outcome, bool]:
        """What the table would get, and whether the prefix was looked at."""
        if rules.refusal(path) is not None:
            return None, False
        if chain is None:
            return self._admitted(rules, path), False
        route = received_route(rules.peer, rules.state, key, path)
        refused = chain.refusal(route) is not None
        asked = route.asked
        looked = isinstance(asked, Noted) and asked.looked
        if refused:
            return None, looked
        return self._admitted(rules, shaped_by(path, route, chain)), looked

    def _admitted(self, rules: Acceptance, shaped: Path) -> Outcome:
        return None if rules.martian(shaped) is not None else path_values(rules.admitted(shaped))

    def _why(self, path: Path, key: int) -> str:
        chain, state = self._chain_then, self._trial.state
        if chain is None or len(self._trial.tally.differences) >= self._trial.tally.most:
            return ""
        policy = TracedPolicy(chain.policy)
        route = received_route(state.peer, state, key, path)
        replace(chain, policy=policy).refusal(route)
        points = points_of(policy.events)
        return points[-1].text if points else "a filter refuses it"


# --- outwards ---


def _outward(trial: Trial) -> Iterator[str]:
    state = trial.state
    assert state.group is not None  # the family is in use
    table = state.peer.instance.tables[table_family(state.family)]
    now = state.group.profile
    now = replace(now, chain=trial.chain(now.chain))
    chain = trial.chain(now.chain, trial.name)
    then = replace(now, chain=chain, silent=state.orf.waiting, filter=trial.name)
    count = 0
    for item in table.walk():
        if item is None:
            yield ""
            continue
        key, entry = item
        path = told_of(entry)
        if path is None or table.waits(key, path) or key in table.suppressed:
            continue
        count += 1
        if not count % _STEP:
            yield ""
        told = _told(trial, now, path, key)
        would = _told(trial, then, path, key)
        why = _why_not(trial, then, path, key) if told is not None and would is None else ""
        trial.note(key, told, would, why)


def _told(trial: Trial, profile: "Profile", path: Path, key: int) -> Outcome:
    state = trial.state
    found = announce(path, profile, lambda one: third_party(state, one, profile), Noted(key))
    return None if found is None else announced_values(found, profile)


def _why_not(trial: Trial, profile: "Profile", path: Path, key: int) -> str:
    if profile.chain is None or len(trial.tally.differences) >= trial.tally.most:
        return ""
    policy = TracedPolicy(profile.chain.policy)
    traced = replace(profile, chain=replace(profile.chain, policy=policy))
    _told(trial, traced, path, key)
    points = points_of(policy.events)
    return points[-1].text if points else "a filter refuses it"
