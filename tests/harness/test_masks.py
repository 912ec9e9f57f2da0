"""The masks hide what two runs cannot share, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.golden import Transcript, assert_same, transcripts
from tests.support.masks import mask

ROW = "192.168.122.102 4      64512 {0:>9} {1:>9}        0    0    0 {2:>8} {3:>12}        2 N/A"

PAIRS = [
    ROW.format(4, 5, "00:00:13", 2),
    "  BGP state = Established, up for 00:00:14",
    "  Last read 00:00:13, Last write 00:00:13",
    "  Last reset 00:00:15,  No AFI/SAFI activated for peer",
    "Local host: 192.168.122.1, Local port: 179",
    "Foreign host: 192.168.122.102, Foreign port: 41296",
    "Next connect timer due in 109 seconds",
    "Read thread: on  Write thread: on  FD used: 22",
    "    Opens:                  2          1",
    "    Total:                  5          4",
    "    Notifications:          3          0",
    "    R bit: True",
    "Nexthop global: fe80::58ad:bcff:fed4:4d5e",
    "      Last update: Mon Nov 23 00:44:27 2026",
    "B>* 172.19.0.0/32 [20/0] via 192.168.122.102, virbr0, weight 1, 00:00:01",
    "C>* 192.168.122.0/24 is directly connected, virbr0, 00:00:04",
    "  Last update 00:00:01 ago",
    "  HWaddr: 5a:ad:bc:d4:4d:5e",
    "  inet6 fe80::58ad:bcff:fed4:4d5e/64",
    "  index 2 metric 0 mtu 1500 speed 10000 ",
    "  Parent ifindex: 3",
    "FRRouting 8.4.4 (router) on Linux(6.1.0-18-amd64).",
    "log file /var/log/frr/wire-router.log",
    "172.19.0.0 nhid 6 via 192.168.122.102 dev virbr0 proto bgp metric 20 ",
    '      "peerUptime":"00:00:13",',
    '      "peerUptimeMsec":13000,',
    '      "peerUptimeEstablishedEpoch":1795385676,',
    '        "string":"Mon Nov 23 00:44:27 2026\\n"',
    '          "interfaceIndex":2,',
    '      "nexthopGroupId":6,',
    '    "portForeign":41296,',
    '        "address":"fe80::58ad:bcff:fed4:4d5e/64",',
    '    "hardwareAddress":"5a:ad:bc:d4:4d:5e",',
]

UNTOUCHED = [
    ROW.format(0, 0, "never", "Active"),
    "  Last read 00:00:14, Last write never".replace("00:00:14", "never"),
    "  Hold time is 180 seconds, keepalive interval is 60 seconds",
    "      Configured Restart Time(sec): 120",
    "    Updates:                2          2",
    "    Keepalives:             0          0",
    "Read thread: off  Write thread: off  FD used: -1",
    "Nexthop global: ::",
    "  Connections established 1; dropped 0",
    "RIB entries 3, using 576 bytes of memory",
    "BGP table version is 2, local router ID is 192.168.122.1, vrf id 0",
    "*> 172.19.0.0/32    192.168.122.102          0             0 64512 i",
    "  inet 192.168.122.1/24",
    '      "peerUptime":"never",',
    '      "peerUptimeMsec":"3",',
    '      "msgRcvd":0,',
    '      "metric":0,',
    '        "address":"192.168.122.1/24",',
    '    "bgpTimerHoldTimeMsecs":180000,',
    '      "internalNextHopNum":1,',
]


@pytest.mark.parametrize("line", PAIRS)
def test_a_value_of_the_moment_is_masked_and_its_frame_stays(line: str) -> None:
    masked = mask(line)
    assert masked != line
    assert masked.split()[:1] == line.split()[:1] or line.lstrip().startswith('"')
    assert mask(masked) == masked


@pytest.mark.parametrize("line", UNTOUCHED)
def test_protocol_content_is_never_masked(line: str) -> None:
    assert mask(line) == line


def test_the_round_trip_time_is_left_out() -> None:
    shown = "BGP Connect Retry Timer in Seconds: 120\nEstimated round trip time: 4 ms\nRead thread"
    assert mask(shown) == "BGP Connect Retry Timer in Seconds: 120\nRead thread"
    assert mask('  "a":1,\n    "estimatedRttInMsecs":4,\n  "b":2\n') == '  "a":1,\n  "b":2\n'


def test_columns_keep_their_width() -> None:
    short, long = ROW.format(4, 5, "00:00:13", 2), ROW.format(1004, 25, "1d02h03m", 2)
    assert mask(short) == mask(long)
    assert len(mask(short)) == len(short)


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_difference_is_shown_as_a_diff_with_visible_blanks() -> None:
    with pytest.raises(AssertionError, match=r"(?s)show x:.*-speed 10000·.*\+speed 10000\n"):
        assert_same("speed 10000\n", "speed 10000 \n", "show x", names=("frr", "ours"))


def test_every_golden_file_can_be_read_and_differs_from_an_edited_one() -> None:
    files: list[Transcript] = transcripts("soft-router")
    assert len(files) > 50
    for file in files:
        edited = file.text.replace("[exit 0]", "[exit 1]")
        with pytest.raises(AssertionError):
            assert_same(edited, file.text, file.command, names=("golden", "edited"))


@pytest.mark.parametrize("state", ["Established, up for 00:00:14", "Active"])
def test_who_opened_is_masked_while_the_connection_lasts(state: str) -> None:
    def shown(reason: str) -> str:
        return mask(
            f"BGP neighbor is 192.168.122.102, remote AS 64512\n  BGP state = {state}\n\n"
            f"  Connections established 1; dropped 0\n  Last reset 00:00:15,  {reason}\n"
            "BGP neighbor is 192.168.122.101, remote AS 64512\n  BGP state = Active\n"
            f"  Last reset 00:00:15,  {reason}\n"
        )

    text = shown("No AFI/SAFI activated for peer")
    assert text.count("<opener>") == int(state.startswith("Established"))
    assert shown("Waiting for peer OPEN").count("Waiting") == text.count("No AFI")
    assert "<opener>" not in shown("Interface down")


@pytest.mark.parametrize("state", ["Established", "Active"])
def test_who_opened_is_masked_in_json(state: str) -> None:
    text = mask(
        f'    "bgpState":"{state}",\n    "connectionsDropped":0,\n'
        '    "lastResetDueTo":"No AFI\\/SAFI activated for peer",\n    "lastResetCode":30,\n'
        '  },\n    "bgpState":"Active",\n'
        '    "lastResetDueTo":"Waiting for peer OPEN",\n    "lastResetCode":32,\n'
    )
    assert text.count("<opener>") == (2 if state == "Established" else 0)
    assert '"Waiting for peer OPEN"' in text
