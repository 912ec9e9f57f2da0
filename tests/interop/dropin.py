"""Both shells on the daemons of either maker: what one run gave, in a form to compare."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.frr import FrrRouter
from tests.support.masks import mask
from tests.support.namespaces import Lab, Namespace
from tests.support.ours import BIN
from tests.support.router import Result, Router

FRRS, OURS = Path("/usr/bin/vtysh"), BIN / "vtysh"
SHELLS: Mapping[str, Path] = {"frr": FRRS, "ours": OURS}
"""The program `vtysh` of FRR and ours."""

MOMENTS = re.compile(
    r"((?:SPF algorithm last executed|Last SPF duration|next due in|^pid:)) .*", re.M
)
"""What daemons tell of moments, durations and processes."""


def shell_argv(shell: str, router: Router) -> list[str | Path]:
    """The command line of a shell for the daemons of a router."""
    folders = ("--vty_socket", router.run, "--config_dir", router.config)
    return [SHELLS[shell], *folders, "-H", "/dev/null"]


def run(shell: str, router: Router, *words: str | Path, stdin: str | None = None) -> str:
    """One run of a shell: its output, errors and exit status, without what names the place."""
    argv = [*shell_argv(shell, router), *words]
    done = router.namespace.run(argv, check=False, stdin=stdin, timeout=30.0)
    text = Result(done.stdout, done.stderr, done.returncode).text
    for path, name in ((router.config, "ETC"), (router.run, "RUN")):
        text = text.replace(str(path), name)
    text = re.sub(rf"\b{router.namespace.name}\b", "HOST", text)
    return mask(MOMENTS.sub(r"\1<time>", text))


def typed(shell: str, router: Router, lines: Iterable[str]) -> str:
    """`vtysh -E -c LINE -c LINE ...`, so that the prompt before each line is compared too."""
    return run(shell, router, "-E", *(word for line in lines for word in ("-c", line)))


def with_eth0(lab: Lab, name: str) -> Namespace:
    """A node with an interface besides the loopback."""
    node = lab.namespace(name)
    node.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
    for device in ("eth0", "eth1"):
        node.ip("link", "set", device, "up")
    node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
    return node


def frr_with_ospf(lab: Lab, name: str) -> FrrRouter:
    """FRR's daemons, two of which have no language here."""
    router = FrrRouter(with_eth0(lab, name))
    router.start("zebra", "staticd", "bgpd", "ospfd", "ripd")
    return router
