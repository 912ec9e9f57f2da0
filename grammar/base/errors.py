"""The errors a user of the command language can meet, and the status each answers with."""

from enum import IntEnum


class Status(IntEnum):
    """Result of a command line, as the last byte of an answer on a vty socket (FRR's CMD_*)."""

    SUCCESS = 0
    WARNING = 1
    NO_MATCH = 2
    AMBIGUOUS = 3
    INCOMPLETE = 4
    TOO_MANY_WORDS = 5
    NOTHING_TODO = 6
    SUCCESS_DAEMON = 10
    NO_FILE = 11
    SUSPEND = 12
    CONFIG_FAILED = 13
    NOT_MY_INSTANCE = 14
    NO_DAEMON = 16
    READ_ONLY = 17
    """Ours: the session may only look."""


class CommandError(Exception):
    """A line was understood and refused: `text` is FRR's sentence, `status` what vtysh gets."""

    def __init__(self, text: str, status: Status = Status.CONFIG_FAILED) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
