"""What keeps a daemon from starting, as one sentence for the user."""


class StartError(Exception):
    """The daemon cannot start; the text is one sentence that names the thing."""


class LoggedError(StartError):
    """What FRR tells as lines of the log; each is (text, identifier, error category)."""

    def __init__(self, *lines: tuple[str, str, int]) -> None:
        super().__init__(lines[-1][0])
        self.lines = lines


class PlainError(StartError):
    """The same, told without the name of the daemon in front, as FRR does."""


class UsageError(Exception):
    """The command line is wrong; the text is complete, without the usage behind it."""


class RefusedError(UsageError):
    """A value of an option is wrong; FRR prints the text alone."""


def reason(error: OSError) -> str:
    """Why a system call failed, in words."""
    return error.strerror or str(error)
