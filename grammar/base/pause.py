"""An answer that waits: what it is made of is not there yet."""


class Pause(str):
    """An empty piece of an answer: the next one is worth asking for in `seconds`.

    Who does not know it sees an empty text, as any pause between pieces is, and asks at once.
    """

    __slots__ = ("seconds",)
    seconds: float

    def __new__(cls, seconds: float) -> "Pause":
        """A pause of so many seconds."""
        made = super().__new__(cls)
        made.seconds = seconds
        return made
