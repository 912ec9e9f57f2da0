"""A long file on a terminal: how far it is, and Ctrl-C in the middle of it."""

import re

import pytest

from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

LINES = 60_000


def test_a_file_is_left_at_once_and_what_is_in_force_is_said(lab: Lab) -> None:
    router = OurRouter(lab.namespace("load"))
    router.start("zebra", "staticd")
    path = router.run / "many.conf"
    routes = (f"ip route 10.{at >> 8}.{at & 255}.0/24 blackhole\n" for at in range(LINES))
    path.write_text("".join(routes))
    prompt = f"{router.namespace.name}# "
    argv = router.namespace.argv([str(word) for word in OurRouter.vtysh_argv(router)])
    try:
        with Terminal(argv, columns=200, env={"VTYSH_HISTFILE": "/dev/null"}) as terminal:
            terminal.wait_prompt(prompt, 30)
            terminal.enter(f"copy {path} running-config")
            terminal.wait_for(f" of {LINES:,} lines")
            terminal.press("^C")
            terminal.wait_for("what is behind was not")
            terminal.wait_prompt(prompt)
            said = " ".join(terminal.text().split())
            found = re.search(r"lines 1 to (\d+) were applied, line (\d+) may have been", said)
            assert found is not None
            assert f" of {LINES:,} lines" not in said
            sure = int(found[1])
            assert 0 < sure < LINES

            def in_force() -> bool:
                count = router.show("show running-config").count("ip route 10.")
                return sure <= count <= sure + 1

            until(in_force, 20, "the lines that were applied")
            terminal.enter("show daemons")  # the dialogue goes on
            terminal.wait_for(" zebra staticd")
    finally:
        router.stop()
