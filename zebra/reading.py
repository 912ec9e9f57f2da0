"""The kernel's lists at the start: a few things are read at once, and what is more is work.

FRR's zebra reads everything before it talks to anybody. Here its vty answers meanwhile; who must
not see half of the routes waits for `done`. News that come meanwhile are newer than what is listed.
"""

from collections.abc import Callable, Iterator

from grammar.base.work import Work
from zebra.kernel.api import Event, Kernel
from zebra.listed import subject

AT_ONCE = 2000
"""Things that are read before anything else happens: some 40 ms."""
PORTION = 64
"""Things taken in between two pauses."""


class Reading:
    """`take` gets each thing that is listed, `finish` is the work to do after the last."""

    def __init__(
        self,
        kernel: Kernel,
        work: Work,
        take: Callable[[Event], None],
        finish: Callable[[], Iterator[None]],
    ) -> None:
        self._kernel = kernel
        self._work = work
        self._take = take
        self._finish = finish
        self._newer: set[tuple[object, ...]] | None = None
        self._waiting: list[Callable[[], None]] = []

    def start(self) -> None:
        """Read; OSError if the kernel cannot be asked."""
        listed = self._kernel.dump()
        for count, event in enumerate(listed, 1):
            self._take(event)
            if count == AT_ONCE:
                self._newer = set()
                self._work.add("kernel's lists", self._rest(listed, self._newer))
                return
        for _ in self._finish():
            pass

    def heard(self, event: Event) -> None:
        """News: what is listed later of the same is older."""
        if self._newer is not None:
            self._newer.add(subject(event))

    @property
    def is_done(self) -> bool:
        """Everything was read, and is entered."""
        return self._newer is None

    def done(self, then: Callable[[], None]) -> None:
        """Call when everything was read, at once if it is."""
        if self.is_done:
            then()
        else:
            self._waiting.append(then)

    def end(self) -> None:
        """Read no further: the kernel is gone."""
        self._newer = None
        self._waiting.clear()

    def _rest(self, listed: Iterator[Event], newer: set[tuple[object, ...]]) -> Iterator[None]:
        for count, event in enumerate(listed, 1):
            if subject(event) not in newer:
                self._take(event)
            if count % PORTION == 0:
                yield
                if self._newer is None:
                    return
        yield from self._finish()
        self._newer = None
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
