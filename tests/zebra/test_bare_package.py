"""pyroute2 is loaded in part, and in full for whoever asks for more."""

import subprocess
import sys

PROGRAM = """
import sys
import zebra.kernel.netlink as netlink
assert "pyroute2.ndb" not in sys.modules
import pyroute2
from pyroute2 import IPRoute
assert "pyroute2.iproute" in sys.modules
assert pyroute2.netlink.rtnl.ifinfmsg.ifinfmsg is netlink.ifinfmsg
print(IPRoute.__name__)
"""


def test_the_package_is_run_when_a_name_of_its_own_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=20
    )
    assert (done.stdout, done.stderr) == ("IPRoute\n", "")
