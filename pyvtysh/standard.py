"""Standard input, output and error, for a process that was started without some of them."""

import os
import sys


def open_standard_files() -> None:
    """Open `/dev/null` in place of those that are closed.

    Otherwise the first sockets would get their numbers, and what is printed would go to a daemon.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free: this one
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115
