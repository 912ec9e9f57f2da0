"""Record topologies, or tell how a router differs from what was recorded.

python -m tests.conformance record NAME...     from the real FRR
python -m tests.conformance ours|frr NAME...   what differs from the recording
"""

import sys
import time

from tests.conformance.scene import ROUTERS, TOPOLOGIES, play
from tests.conformance.transcript import difference, read, render


def main(*words: str) -> int:
    """The program; its exit status."""
    if len(words) < 2 or words[0] not in ("record", *ROUTERS):
        print(__doc__)
        return 2
    action, *names = words
    differing = 0
    for name in names:
        folder, begun = TOPOLOGIES / name, time.monotonic()
        answers = play(folder, "frr" if action == "record" else action)
        told = ""
        if action == "record":
            (folder / "expected.txt").write_text(render(answers))
        else:
            told = difference(read(folder), answers, ("expected", action))
            differing += bool(told)
        print(f"{told}{name}: {action}, {time.monotonic() - begun:.1f} s")
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
