"""`bgp default show-hostname`: the summary names the host of a neighbour, as FRR prints it."""

from grammar.node import CONFIG, ENABLE
from grammar.session import Session
from tests.bgp.network import Network
from tests.bgp.routers import session, start


def test_the_summary_names_the_host() -> None:
    network = Network()
    router, other = network.router("10.0.0.1", 65001), network.router("10.0.0.2", 65002)
    session(router, other)
    start(network, [router, other])

    def first_word() -> str:
        text = "".join(Session(router, ENABLE).execute("show bgp summary").output)
        (line,) = [line for line in text.splitlines() if "65002" in line]
        return line[:18]

    assert first_word() == "10.0.0.2        4 "
    typed = Session(router, CONFIG)
    for line in ("router bgp 65001", "bgp default show-hostname"):
        typed.execute(line)
    assert first_word() == "r2(10.0.0.2)    4 "
