"""Entry points `zebra`, `bgpd`, `staticd` and `pyvtysh`: options in, exit status out."""


def zebra() -> int:
    """Run zebra; the exit status."""
    raise NotImplementedError


def bgpd() -> int:
    """Run bgpd; the exit status."""
    raise NotImplementedError


def staticd() -> int:
    """Run staticd; the exit status."""
    raise NotImplementedError


def pyvtysh() -> int:
    """Run the whole router in one process; the exit status."""
    raise NotImplementedError
