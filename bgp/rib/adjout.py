"""Adj-RIB-Out: update-groups, the neighbours that are told the same things in the same bytes.

A change of a best path is looked at once per group, encoded once per group and next hop, and the
same bytes are written to every member. Walks over the table are sliced work; they are parked while
a member's socket takes no more.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace

from bgp.grouplog import GroupLog
from bgp.policy.decision import Asked
from bgp.rib.announced import Announced, Interned
from bgp.rib.defaults import DEFAULT_ROUTE
from bgp.rib.export import Profile, announce, announce_default, announce_plain, is_plain
from bgp.rib.loops import tell
from bgp.rib.member import GroupCounters, Member, held_up
from bgp.rib.news import PACK, News, Touched, chunks
from bgp.rib.nexthop import Nexthop
from bgp.rib.path import Entry, Path, Source, told_of
from bgp.rib.sending import send, withdraw
from bgp.rib.shards import shards
from bgp.rib.table import Table, walk_shards
from grammar.base.values import Address

Work = Generator[None, None, None]


class UpdateGroup:
    """Members that share outgoing policy and encoding, and what they were told.

    `advertised` is the Adj-RIB-Out: a dict per shard as in `Table`. `pending` are keys whose
    best path changed since the last flush. `version` is the table's version at that flush.
    `id` counts from 1 within the instance, as FRR's group and subgroup numbers do. `created` is
    of the steady clock. `run(name, steps)` queues sliced work, `later(seconds, action)` sets a
    timer.
    """

    def __init__(
        self,
        id: int,
        table: Table,
        profile: Profile,
        created: float,
        run: Callable[[str, Work], None],
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self.id = id
        self.table = table
        self.family = profile.family
        self.profile = profile
        self.limit = None if profile.special is None else profile.special.limit
        self.created = created
        self.members: list[Member] = []
        self.advertised: list[dict[int, Announced]] = shards(table.family)
        self.pending: dict[int, None] = {}
        self.version = self.looks = 0
        self.coalesce = 1000
        """Milliseconds; FRR's `Coalesce Time`."""
        self.counters = GroupCounters()
        self.log: GroupLog | None = None
        """Told of what is sent, while it is `on`."""
        self._values = Interned()
        self._announce = announce_plain if is_plain(profile) else announce
        self._near: dict[tuple[Nexthop | Address, Source], bool] = {}
        self._run = run
        self._later = later
        self._flushing = False
        self._joining: list[Callable[[], None]] | None = None
        """What follows the first announcement, for each member that joined before it."""
        self._parked: list[tuple[str, Work, Member | None]] = []
        self._young = False

    def __len__(self) -> int:
        return sum(map(len, self.advertised))

    @property
    def route_map(self) -> str | None:
        """Name of the outgoing route-map."""
        return self.profile.filter

    @property
    def mri(self) -> int:
        """Minimum advertisement interval in seconds."""
        return self.profile.mri

    @property
    def max_packet(self) -> int:
        """Bytes that a message may have."""
        return self.profile.max_length

    def walk(self) -> Iterator[tuple[int, Announced] | None]:
        """What was announced, in FRR's order of prefixes; None for a pause."""
        return walk_shards(self.advertised)

    def tells(self, key: int) -> bool:
        """True if a prefix was announced."""
        return key in self.advertised[key >> self.table.shift]

    def tells_path(self, key: int, path: Path, best: bool) -> bool:
        """True if this path of a prefix was announced; `best` says that it is the best one."""
        return best and self.tells(key)

    def told(self) -> Iterable[Iterable[int]]:
        """The items (see `packing`) of all that was announced until now, in portions."""
        return [list(shard) for shard in self.advertised]

    def _told_of(self, index: int) -> Iterator[tuple[Announced, int]]:
        shard = self.advertised[index]
        for key in sorted(shard):
            announced = shard.get(key)
            if announced is not None:
                yield announced, key

    def now_told(self, item: int) -> Announced | None:
        """What was last decided about an item; its members may still have to be told."""
        return self.advertised[item >> self.table.shift].get(item)

    # --- members ---------------------------------------------------------------------------------

    def join(self, member: Member, done: Callable[[], None]) -> None:
        """Add a member and tell it everything; `done` is called behind the last message."""
        self.members.append(member)
        self.counters.joins += 1
        if self.profile.silent:
            done()
        elif len(self.members) == 1:
            self._joining, self._young = [done], True
            self._later(self.coalesce / 1000, self._grown)
            self._start("announce", self._first(), None)
        elif self._joining is not None:
            self._joining.append(done)
        else:
            if self.profile.external and self._young:
                self.reconsider()  # FRR begins when the coalesce time is over, with all members
            self._start("dump", self._dump(member, done), member)

    def _grown(self) -> None:
        self._young = False

    def leave(self, member: Member) -> None:
        """Forget a member; what only it waited for is dropped."""
        if member in self.members:
            self.members.remove(member)
            self.counters.prunes += 1
        self._parked = [entry for entry in self._parked if entry[2] is not member]
        self.resume()

    def repeat(self, member: Member, done: Callable[[], None]) -> None:
        """Tell a member everything again (route refresh, soft clear)."""
        if self.log is not None and self.log.on:
            self.log.repeated(member)
        self._start("dump", self._dump(member, done), member)

    def withdraw_from(self, member: Member, items: Iterable[Iterable[int]]) -> None:
        """Take back from a member what its former group told it and this one does not."""
        self._start("take back", self._take_back(member, items), member)

    # --- changes ---------------------------------------------------------------------------------

    def changed(self, keys: Iterable[int], there: int) -> None:
        """These prefixes have another best path, or none; `there` of them have one."""
        if self.profile.silent or self._denied(there):
            self.version = self.table.version
            return
        self.pending.update(dict.fromkeys(keys))
        self.flush()

    def _denied(self, asked: int) -> bool:
        """True if nothing was told and the filters would deny all; they count as asked."""
        chain = self.profile.chain
        if chain is None or self.profile.default is not None:
            return False
        touched = chain.denies_all
        if not touched or len(self):
            return False
        for one in touched:
            one.invoked += asked
        return True

    def reconsider(self) -> None:
        """The group's filters say something else: tell the members what is different."""
        if not self.profile.silent:
            self._start("policy", self._fill(lambda: None), None)

    def flush(self) -> None:
        """Begin to tell the members what is pending."""
        if not self._flushing and self.pending:
            self._flushing = True
            self._start("flush", self._flush(), None)

    def resume(self) -> None:
        """A member has room again, or is gone: go on."""
        parked, self._parked = self._parked, []
        for name, steps, member in parked:
            self._start(name, steps, member)

    def _start(self, name: str, steps: Work, member: Member | None) -> None:
        self._run(f"update-group {self.id} {name}", self._pump(name, steps, member))

    def _pump(self, name: str, steps: Work, member: Member | None) -> Work:
        while not self._blocked(member):
            try:
                next(steps)
            except StopIteration:
                return
            yield
        if member is None or member in self.members:
            self._parked.append((name, steps, member))

    def _blocked(self, member: Member | None) -> bool:
        if member is not None:
            return member.congested or member not in self.members
        return held_up(self.members)

    def _flush(self) -> Work:
        try:
            while self.pending:
                pending, self.pending = self.pending, {}
                yield from self._tell(chunks(list(pending)))
                self.version = self.table.version
                if self.profile.mri:
                    break
        finally:
            if self.profile.mri:
                # RFC 4271 sec. 9.2.1.1: the next announcement has to wait.
                self._later(self.profile.mri, self._interval_over)
            else:
                self._flushing = False

    def _interval_over(self) -> None:
        self._flushing = False
        self.flush()

    def _first(self) -> Work:
        done, self._joining = self._joining or [], None
        yield from self._fill(lambda: None)
        for each in done:
            each()

    def _fill(self, done: Callable[[], None]) -> Work:
        if self._denied(len(self.table)):
            self.version = self.table.version
            done()
            return
        yield from self._tell(self._all())
        self.version = self.table.version
        done()

    def _all(self) -> Iterator[list[int]]:
        if self.profile.default is not None:
            yield [DEFAULT_ROUTE]
        for shard in self.table.shards:
            yield from chunks(sorted(shard))

    def _dump(self, member: Member, done: Callable[[], None]) -> Work:
        news = News(self.looks)
        for index in range(len(self.table.shards)):
            for announced, item in self._told_of(index):
                news.add(announced, item)
            if news.size:
                yield
            if news.size >= PACK:
                yield from send(self, news, [member])
                news = News(self.looks)
        yield from send(self, news, [member])
        done()

    def _take_back(self, member: Member, items: Iterable[Iterable[int]]) -> Work:
        # The walk that announces runs before: what it announced needs no withdrawal.
        for portion in items:
            for chunk in chunks(sorted(portion)):
                gone = [item for item in chunk if self.now_told(item) is None]
                if gone:
                    withdraw(self, gone, [member])
                yield

    def _tell(self, portions: Iterable[list[int]]) -> Work:
        news = News(self.looks)
        for chunk in portions:
            self.looks += 1
            news.looks += 1
            self._diff(chunk, news)
            yield
            if news.size >= PACK:
                yield from send(self, news, self.members)
                news = News(self.looks)
        yield from send(self, news, self.members)

    def _diff(self, keys: list[int], news: News) -> None:
        self._near.clear()
        if not self._by_key:
            size, lost = tell(
                keys,
                self.table.shards,
                self.table.shift,
                self.advertised,
                news.outcomes,
                news.by_value,
                news.withdrawn,
                self._outcome,
            )
            news.size += size
            self._values.sweep(2 * lost)
            return
        shards, shift = self.table.shards, self.table.shift
        for key in keys:
            index = key >> shift
            entry = shards[index].get(key)
            path = entry if type(entry) is Path and entry.valid else told_of(entry)
            told = self.advertised[index]
            old = told.get(key)
            new = None if path is None else self._of_key(path, key, old, news)
            if key == DEFAULT_ROUTE:
                new = self._default() or new
            if new is None:
                if old is not None:
                    del told[key]
                    news.withdrawn.append(key)
            elif old is not new:
                told[key] = new
                news.add(new, key)
            if old is not None and old is not new:
                self._values.sweep(2)

    def _outcome(self, entry: Entry) -> Announced | None:
        path = told_of(entry)
        return None if path is None else self._announced(path)

    @property
    def _by_key(self) -> bool:
        table = self.table
        late = bool(table.installed or table.deferred)
        given = self.profile.chain or self.profile.default or self.limit is not None
        return bool(given or table.suppressed or late)

    def _of_path(self, path: Path, key: int, old: Announced | None, news: News) -> Announced | None:
        if self._by_key:
            return self._of_key(path, key, old, news)
        return self._of_any(path, news)

    def _of_any(self, path: Path, news: News) -> Announced | None:
        if path not in news.outcomes:
            news.outcomes[path] = self._announced(path)
        return news.outcomes[path]

    def _announced(
        self, path: Path, asked: Asked | None = None, touched: Touched | None = None
    ) -> Announced | None:
        new = self._announce(path, self.profile, self._third_party, asked, touched)
        return None if new is None else self._values.keep(new)

    def _of_key(self, path: Path, key: int, old: Announced | None, news: News) -> Announced | None:
        full = old is None and self.limit is not None and len(self) >= self.limit
        if full or self.table.waits(key, path):
            return None
        profile = self.profile
        if key in self.table.suppressed:
            if profile.unsuppress is None:
                return None
            profile = replace(profile, chain=profile.unsuppress)
            new = announce(path, profile, self._third_party, Asked(key))
            return None if new is None else self._values.keep(new)
        if profile.chain is None:
            return self._of_any(path, news)
        return self._decided(path, key, news, profile.chain.policy.revision)

    def _decided(self, path: Path, key: int, news: News, revision: int) -> Announced | None:
        def evaluate(asked: Asked) -> tuple[Announced | None, Touched]:
            touched: Touched = []
            return self._announced(path, asked, touched), touched

        key = key if self.table.rule_keys is None else 0
        new, touched = news.decision(path, revision).of(key, evaluate).value
        for one in touched:
            one.invoked += 1
        return new

    def _default(self) -> Announced | None:
        default = self.profile.default
        if default is None or default.attrs is None:
            return None
        new = announce_default(default.attrs, self.profile)
        return self._values.keep(new)

    def _third_party(self, path: Path) -> bool:
        at = path.gateway if self.profile.external else None
        if at is None:
            return False
        # Where there is one address, its tracked object is looked up faster.
        hop = path.nexthop if path.link_local is None else at
        terms = (hop or at, path.source)
        found = self._near.get(terms)
        if found is None:
            found = self._near[terms] = self._reaches(at, path)
        return found

    def _reaches(self, gateway: Address, path: Path) -> bool:
        return any(each.on_network_of(gateway, path) for each in self.members)
