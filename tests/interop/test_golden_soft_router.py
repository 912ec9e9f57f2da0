"""The reference transcripts of the soft router, printed again by the real FRR and by ours.

That the real FRR passes proves the laboratory and the masks; then ours has to print the same.
"""

from collections.abc import Iterator

import pytest

from tests.support import golden
from tests.support.namespaces import Lab
from tests.support.router import Result, Router
from tests.support.scenario import UNDER_TEST, SoftRouter

FOLDER = "soft-router"
TRANSCRIPTS = golden.transcripts(FOLDER)
CONFIG = """\
frr version 8.4.4
frr defaults traditional
hostname router
log file {folder}/wire-router.log debugging
service integrated-vtysh-config
!
router bgp 65001
 bgp router-id 192.168.122.1
 no bgp ebgp-requires-policy
 neighbor 192.168.122.101 remote-as 64512
 neighbor 192.168.122.102 remote-as 64512
!
line vty
!
"""

pytestmark = pytest.mark.real


@pytest.fixture(scope="module", params=UNDER_TEST)
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        scenario = SoftRouter(lab, request.param)
        router = scenario.router
        router.write("frr.conf", CONFIG.format(folder=router.run))
        router.write("vtysh.conf", "service integrated-vtysh-config\n")
        router.start()
        scenario.node.start()
        scenario.converge()
        yield router


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
def test_prints_what_frr_printed(
    router: Router, transcript: golden.Transcript, update_golden: bool
) -> None:
    if transcript.vtysh_commands:
        result = router.vtysh(*transcript.vtysh_commands)
    else:
        done = router.namespace.run(transcript.argv, check=False)
        result = Result(done.stdout, done.stderr, done.returncode)
    if update_golden and router.kind == "frr":
        transcript.write(FOLDER, result.text)
        return
    golden.assert_same(
        result.text, transcript.text, transcript.command, names=("golden", router.kind)
    )
