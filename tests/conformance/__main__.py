"""Record topologies, or tell how a router differs from what was recorded.

python -m tests.conformance record NAME...     from the real FRR
python -m tests.conformance ours|frr NAME...   what differs from the recording
"""

import sys
import time

from tests.conformance.scene import ROUTERS, TOPOLOGIES
from tests.conformance.transcript import compare, record


def main(*words: str) -> int:
    """The program; its exit status."""
    if len(words) < 2 or words[0] not in ("record", *ROUTERS):
        print(__doc__)
        return 2
    action, *names = words
    differing = 0
    for name in names:
        folder, begun = TOPOLOGIES / name, time.monotonic()
        told = record(folder) if action == "record" else compare(folder, action)
        differing += bool(told)
        print(f"{told or ''}{name}: {action}, {time.monotonic() - begun:.1f} s")
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
