"""`| save FILE`: a file appears whole or not at all, and none is overwritten unasked."""

import contextlib
import os
import stat
from collections.abc import Iterable

from pyvtysh.pipes.flow import FilterFaultError
from pyvtysh.pipes.text import quoted_words

_MODE = 0o600
"""Configurations hold passwords."""


class Saving:
    """One file that is being written: beside its place until `finish`; OSError is told."""

    def __init__(self, rest: str) -> None:
        """`rest` is `FILE`, or `FILE overwrite`; FilterFaultError."""
        words = quoted_words("save", rest)
        if not words:
            raise FilterFaultError("save: the name of a file is missing")
        self.overwrite = words[1:] == ["overwrite"]
        if words[1:] and not self.overwrite:
            raise FilterFaultError(
                f"save: behind the file only `overwrite` may stand, not '{' '.join(words[1:])}'"
            )
        self.path = os.path.abspath(os.path.expanduser(words[0]))
        self.lines = 0
        self._check()
        self._spare = f"{self.path}.{os.getpid()}.new"

    def _check(self) -> None:
        try:
            mode = os.stat(self.path).st_mode
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._fault(error) from None
        if not stat.S_ISREG(mode):
            raise FilterFaultError(f"save: {self.path} is no plain file")
        if not self.overwrite:
            raise self._exists()
        self.path = os.path.realpath(self.path)

    def _exists(self) -> FilterFaultError:
        said = f"save: {self.path} exists; `save FILE overwrite` replaces it"
        return FilterFaultError(said)

    def _fault(self, error: OSError) -> FilterFaultError:
        return FilterFaultError(f"save: cannot write {self.path}: {error.strerror}")

    def write(self, lines: Iterable[str]) -> None:
        """Take all lines; nothing of them stays if that fails or is broken off."""
        try:
            descriptor = os.open(self._spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        except OSError as error:
            raise self._fault(error) from None
        try:
            with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
                for line in lines:
                    self.lines += 1
                    file.write(line)
            self._finish()
        except OSError as error:
            raise self._fault(error) from None
        finally:
            with contextlib.suppress(OSError):
                os.unlink(self._spare)

    def _finish(self) -> None:
        if self.overwrite:
            os.replace(self._spare, self.path)
            return
        try:
            os.link(self._spare, self.path)  # fails if somebody has made it meanwhile
        except FileExistsError:
            raise self._exists() from None
