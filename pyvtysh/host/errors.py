"""What keeps a daemon from starting, as one sentence for the user."""


class StartError(Exception):
    """The daemon cannot start; the text is one sentence that names the thing."""


class UsageError(Exception):
    """The command line is wrong; the text is complete, without the usage behind it."""


def reason(error: OSError) -> str:
    """Why a system call failed, in words."""
    return error.strerror or str(error)
