"""`bgpd -n`: BGP as ever, but zebra is given no routes; `-l` does not imply it, as in FRR."""

import time

import pytest

from tests.interop.beside import OURS, ROUTES, beside
from tests.support.wait import until

pytestmark = pytest.mark.real


@pytest.mark.parametrize("kind", ["frr", "ours"])
@pytest.mark.parametrize("words", [(), ("-n",), ("-l", OURS)], ids=["without", "n", "l"])
def test_routes_that_bgpd_installs(kind: str, words: tuple[str, ...]) -> None:
    with beside(kind) as pair:
        pair.router.start("zebra")
        pair.router.options += words
        pair.router.start("bgpd")
        pair.await_routes()
        if "-n" in words:
            time.sleep(1)  # there is nothing to wait for
            assert pair.kernel() == set()
        else:
            until(lambda: pair.kernel() == ROUTES, 10, "the routes in the kernel")
