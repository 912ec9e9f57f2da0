"""`python -m pyvtysh` is `vtysh`."""

import sys

from pyvtysh.cli import main

if __name__ == "__main__":
    sys.exit(main())
