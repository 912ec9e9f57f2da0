"""Laboratories shared by the interop tests; each is built once per session."""

from collections.abc import Iterator

import pytest

from tests.support.namespaces import Lab

pytest.register_assert_rewrite("tests.interop.zapi_steps")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A laboratory of the module's own, without nodes yet."""
    with Lab() as made:
        yield made
