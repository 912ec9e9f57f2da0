"""Who sits at this shell."""

import os
import pwd
from contextlib import suppress


def user() -> str:
    """The name of the user; behind `sudo` who that was before, too."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        name = str(os.geteuid())
    before = os.environ.get("SUDO_USER")
    return f"{before} as {name}" if before and before != name else name


def terminal() -> str:
    """The terminal, such as `pts/3`; `-` where there is none."""
    for descriptor in range(3):
        with suppress(OSError):
            return os.ttyname(descriptor).removeprefix("/dev/")
    return "-"
