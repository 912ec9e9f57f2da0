"""The kernel of another network namespace: what it lists, without staying there."""

import asyncio
import os

import pytest

from tests.support.namespaces import Lab
from zebra.kernel.api import RouteAdded
from zebra.kernel.netns import NamespaceKernel

pytestmark = pytest.mark.real

ROUTES = 300


def _here() -> int:
    return os.stat("/proc/thread-self/ns/net").st_ino


async def _listed(path: str) -> tuple[set[str], bool]:
    kernel = NamespaceKernel(path)
    before, stayed, found = _here(), True, set()
    for event in kernel.dump():
        stayed = stayed and _here() == before
        if isinstance(event, RouteAdded):
            found.add(str(event.route.prefix))
    kernel.close()
    return found, stayed


def test_all_is_listed_in_portions_and_each_leaves_the_namespace() -> None:
    with Lab() as lab:
        node = lab.namespace("far")
        lines = [f"route add blackhole 10.{n >> 8}.{n & 255}.0/24\n" for n in range(ROUTES)]
        node.run(["ip", "-batch", "-"], stdin="".join(lines))
        found, stayed = asyncio.run(_listed(str(node.handle)))
    assert {f"10.{n >> 8}.{n & 255}.0/24" for n in range(ROUTES)} <= found
    assert stayed
