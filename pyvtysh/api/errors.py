"""What can go wrong between a program and a router; each error says which line and which daemon."""

from dataclasses import dataclass

from grammar.base.errors import Status

VTYSH = "vtysh"
"""Who refused a line that no daemon was asked about."""


class RouterError(Exception):
    """All errors of this package."""

    def as_json(self) -> dict[str, str | int | None]:
        """The same for other programs: `error` (the kind), `message`, and what is known else."""
        return {"error": _kind(self), "message": str(self)}


class ConnectError(RouterError, ConnectionError):
    """No daemon answers; `reasons` has a sentence for each socket that was tried in vain."""

    def __init__(self, folder: str, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons) or f"{folder}: no daemon's socket is there")
        self.folder = folder
        self.reasons = reasons


class LineError(RouterError):
    """A line did not do what it should: `line` as it was sent, `daemon` who had it last."""

    def __init__(self, line: str, daemon: str, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.daemon = daemon

    def as_json(self) -> dict[str, str | int | None]:
        """With `line` and `daemon`."""
        return {**super().as_json(), "line": self.line, "daemon": self.daemon}


class RefusedError(LineError):
    """A daemon, or the shell itself (`vtysh`), did not take the line.

    `text` is the whole answer, `status` the status of the line (`grammar.base.errors.Status`, or a
    number that only the daemon knows); `number` counts the lines of a text from 1, None otherwise.
    """

    def __init__(
        self, line: str, daemon: str, text: str, status: int, number: int | None = None
    ) -> None:
        where = f"line {number}, " if number is not None else ""
        why = text.strip() or f"status {_status(status)}"
        super().__init__(line, daemon, f"{where}{line.strip()!r}: {daemon}: {why}")
        self.text = text
        self.status = status
        self.number = number

    def as_json(self) -> dict[str, str | int | None]:
        """With `status` as a word, `text`, and `number` if it is one of several lines."""
        more: dict[str, str | int | None] = {"status": _status(self.status), "text": self.text}
        if self.number is not None:
            more["number"] = self.number
        return {**super().as_json(), **more}


class LostError(LineError):
    """The daemon went away, or did not answer in time.

    A configuration is over then. The next line connects to the daemon again.
    """

    def __init__(self, line: str, daemon: str, reason: str) -> None:
        super().__init__(line, daemon, f"{line.strip()!r}: lost {daemon}: {reason}")
        self.reason = reason


class JsonError(LineError):
    """What the daemon answered is no JSON; `text` is the answer."""

    def __init__(self, line: str, daemon: str, text: str) -> None:
        begin = text.strip()[:_SHOWN] or "nothing"
        super().__init__(line, daemon, f"{line.strip()!r}: {daemon} answered no JSON: {begin}")
        self.text = text

    def as_json(self) -> dict[str, str | int | None]:
        """With `text`."""
        return {**super().as_json(), "text": self.text}


_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line gave: its text, what the shell said besides, and who was asked last."""

    line: str
    text: str
    status: int = Status.SUCCESS
    daemon: str = VTYSH
    said: str = ""

    @property
    def ok(self) -> bool:
        """Whether the line was taken."""
        return self.status in (Status.SUCCESS, Status.SUCCESS_DAEMON)

    def checked(self, number: int | None = None) -> str:
        """The text; RefusedError if the line was not taken."""
        if not self.ok:
            raise RefusedError(self.line, self.daemon, self.text + self.said, self.status, number)
        return self.text


def _status(status: int) -> str:
    try:
        return Status(status).name.lower()
    except ValueError:
        return str(status)


def _kind(error: RouterError) -> str:
    return type(error).__name__.removesuffix("Error").lower()
