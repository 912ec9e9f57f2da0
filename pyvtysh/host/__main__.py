"""`python -m pyvtysh.host PROGRAM OPTION...`: any of the programs without its script."""

import sys

from pyvtysh.host.start import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:], sys.argv[1]))
