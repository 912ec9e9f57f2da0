"""Whether the real peers (FRR, GoBGP, BIRD) and network namespaces can be had on this machine."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

FRR_VERSION = "8.4.4"
TOOLS = ("ip", "nsenter", "sysctl", "unshare")
PROGRAMS = (
    *(f"/usr/lib/frr/{daemon}" for daemon in ("zebra", "bgpd", "staticd")),
    *("vtysh", "gobgpd", "gobgp", "bird", "birdc"),
    *("nft", "curl", "tmux"),
)


@cache
def unavailable() -> str | None:
    """Why the tests with real peers cannot run here, or None when they can."""
    if reason := no_namespaces():
        return reason
    if missing := _missing(PROGRAMS):
        return missing
    version = subprocess.run(["/usr/lib/frr/bgpd", "-v"], capture_output=True, text=True).stdout
    if version.split()[:3] != ["bgpd", "version", FRR_VERSION]:
        return f"needs FRR {FRR_VERSION}, found: {version.splitlines()[:1]}"
    return None


@cache
def no_namespaces() -> str | None:
    """Why there can be no laboratories of network namespaces here, or None."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    if missing := _missing(TOOLS):
        return missing
    probe = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, text=True)
    if probe.returncode:
        return f"no network namespaces here: {probe.stderr.strip()}"
    return None


def _missing(programs: tuple[str, ...]) -> str | None:
    missing = [Path(name).name for name in programs if not shutil.which(name)]
    return f"needs {', '.join(missing)}: run tests/install-peers" if missing else None
