"""How many clients the TCP vty has, and how often an address may guess passwords.

FRR's ends a connection after three wrong passwords, and the next one may try three more at once.
"""

from collections import deque
from collections.abc import Callable

AT_ONCE = 32
"""Clients."""
GUESSES = 9
WITHIN = 60.0
"""Wrong passwords of an address within so many seconds until it is refused; it is for as long as
they are remembered."""
_ADDRESSES = 1024
"""Addresses that are remembered; the one that failed longest ago is forgotten first."""


class Bouncer:
    """Counts wrong passwords by address.

    `time` is monotonic, `tell` hears once of an address that is refused, `present` counts the
    clients, the new one included.
    """

    def __init__(
        self, time: Callable[[], float], tell: Callable[[str], object], present: Callable[[], int]
    ) -> None:
        self._time = time
        self._tell = tell
        self._present = present
        self._guesses: dict[str, deque[float]] = {}

    def admits(self, address: str) -> bool:
        """Whether a client that has just come may stay."""
        return self._present() <= AT_ONCE and len(self._remembered(address)) < GUESSES

    def wrong(self, address: str) -> bool:
        """A password was wrong; whether the address may go on."""
        guesses = self._remembered(address)
        guesses.append(self._time())
        self._guesses.pop(address, None)
        self._guesses[address] = guesses
        if len(self._guesses) > _ADDRESSES:
            del self._guesses[next(iter(self._guesses))]
        if len(guesses) == GUESSES:
            text = f"vty by TCP: {GUESSES} wrong passwords from {address}"
            self._tell(f"{text}, refused for {WITHIN:.0f} seconds")
        return len(guesses) < GUESSES

    def _remembered(self, address: str) -> deque[float]:
        guesses = self._guesses.get(address, deque(maxlen=GUESSES))
        since = self._time() - WITHIN
        while guesses and guesses[0] <= since:
            guesses.popleft()
        return guesses
