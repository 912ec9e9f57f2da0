"""`make report`: measure what is quick, then write all that is kept into `docs/reliability.md`."""

import importlib
import sys

from tests.report import MEASURED, kept
from tests.report.page import PAGE, lines, rendered


def main(only: list[str]) -> int:
    """`--kept` measures nothing; names of modules measure only these."""
    modules = [] if only == ["--kept"] else only or list(MEASURED)
    for name in modules:
        importlib.import_module(name).measure()
    records = kept()
    for record in records:
        print("\n".join(lines(record)))
    PAGE.write_text(rendered(PAGE.read_text(), records))
    print(f"{len(records)} topics in {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
