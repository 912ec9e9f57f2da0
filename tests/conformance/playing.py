"""Every topology with our router in it and with the real FRR, against what FRR was recorded to do.

Ours runs wherever there are network namespaces; FRR's run, which keeps the recordings true, where
it is installed. How a topology is written and recorded is told in README.md.
"""

import shutil
from collections.abc import Callable

import pytest

from tests.conformance import transcript
from tests.conformance.nodes import NEEDS, kind_of
from tests.conformance.scene import TOPOLOGIES, peers_of

NAMES = sorted(path.parent.name for path in TOPOLOGIES.glob("*/story"))
PARTS = 6
"""Files of tests that share the topologies: what stands in one file runs in one process."""


def compare(name: str, kind: str) -> None:
    folder = TOPOLOGIES / name
    for path in peers_of(folder):
        missing = [tool for tool in NEEDS.get(kind_of(path)[1], ()) if not shutil.which(tool)]
        if missing:
            pytest.skip(f"needs {', '.join(missing)} for {path.name}: run tests/install-peers")
    told = transcript.compare(folder, kind)
    assert not told, f"{name}:\n{told}"


Test = Callable[[str], None]


def played(part: int) -> tuple[Test, Test]:
    """The tests of a file, ours and FRR's; `part` counts from 0."""
    names = pytest.mark.parametrize("name", NAMES[part::PARTS])

    def ours(name: str) -> None:
        compare(name, "ours")

    def frr(name: str) -> None:
        compare(name, "frr")

    return pytest.mark.real("namespaces")(names(ours)), pytest.mark.real(names(frr))
