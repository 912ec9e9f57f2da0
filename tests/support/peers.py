"""Whether the real peers (FRR, GoBGP, BIRD) and network namespaces can be had on this machine."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

FRR_VERSION = "8.4.4"
PROGRAMS = (
    *(f"/usr/lib/frr/{daemon}" for daemon in ("zebra", "bgpd", "staticd")),
    *("vtysh", "gobgpd", "gobgp", "bird", "birdc"),
    *("ip", "nft", "curl", "nsenter", "sysctl", "tmux"),
)


@cache
def unavailable() -> str | None:
    """Why the tests with real peers cannot run here, or None when they can."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        return f"needs {', '.join(Path(name).name for name in missing)}: run tests/install-peers"
    version = subprocess.run(["/usr/lib/frr/bgpd", "-v"], capture_output=True, text=True).stdout
    if version.split()[:3] != ["bgpd", "version", FRR_VERSION]:
        return f"needs FRR {FRR_VERSION}, found: {version.splitlines()[:1]}"
    probe = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, text=True)
    if probe.returncode:
        return f"no network namespaces here: {probe.stderr.strip()}"
    return None
