"""zebra and staticd in a namespace, without the host around them (see `tests.zebra.process`)."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.namespaces import Namespace

ROOT = Path(__file__).parent.parent.parent


class Components:
    """The two components in a process in a namespace."""

    def __init__(self, node: Namespace, files: Mapping[str, str]) -> None:
        self.node = node
        paths = []
        for name in ("zebra.conf", "staticd.conf"):
            path = node.directory / f"components-{name}"
            path.write_text(files.get(name, ""))
            paths.append(path)
        self._process = subprocess.Popen(
            node.argv([sys.executable, "-m", "tests.zebra.process", *paths]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._read() == "ready"

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def run(self, line: str) -> tuple[int, str]:
        """Status and text of a line for zebra, or `static: LINE` for staticd."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        status, text = json.loads(self._read())
        return status, text

    def show(self, line: str) -> str:
        """The text of a command of zebra's."""
        return self.run(line)[1]

    def stop(self) -> None:
        """End as on SIGTERM, and wait."""
        if self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(20)
        if self._process.stdout is not None:
            self._process.stdout.close()
