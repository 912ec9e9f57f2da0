"""`shutdown rtt`: a neighbour that answers too late is shut down."""

from bgp.reasons import DownReason
from tests.bgp.network import Network
from tests.bgp.test_peer import Pair


def _slow(network: Network, milliseconds: int) -> None:
    for pipe in network.pipes:
        pipe.rtt = milliseconds


def _pair(count: int) -> Pair:
    lines = {"shutdown_rtt": 50, "shutdown_rtt_count": count, "keepalive": 1, "hold": 9}
    return Pair(**lines).start()


def test_too_slow_for_longer_than_allowed() -> None:
    pair = _pair(3)
    _slow(pair.network, 51)
    # The neighbor's keepalives come every three seconds.
    pair.network.advance(8.0)
    assert pair.up
    pair.network.advance(3.0)
    assert not pair.up
    assert pair.a.own.shutdown
    assert pair.a.state.reset_reason is DownReason.ADMIN_SHUTDOWN
    # It stays down until the line is taken back.
    _slow(pair.network, 1)
    pair.network.advance(300)
    assert not pair.up


def test_slow_now_and_then_is_nothing() -> None:
    pair = _pair(2)
    for _ in range(5):
        _slow(pair.network, 51)
        pair.network.advance(6.0)
        _slow(pair.network, 50)
        pair.network.advance(6.0)
    assert pair.up


def test_without_the_line_nobody_is_too_slow() -> None:
    pair = Pair(keepalive=1, hold=9).start()
    _slow(pair.network, 5000)
    pair.network.advance(60)
    assert pair.up
