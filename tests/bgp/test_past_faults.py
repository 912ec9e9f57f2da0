"""What was once possible here: each found by fuzzing, or by reading the code as a stranger."""

import gc
from time import process_time

import pytest

from bgp.attrs import AttrPool
from bgp.complaints import AGAIN, KINDS
from bgp.fsm import State
from bgp.negotiated import Negotiated
from bgp.wire.message import Framer, pack
from bgp.wire.nlri import decode_prefixes
from bgp.wire.notification import Notification
from bgp.wire.refresh import Refresh, RefreshKind
from bgp.wire.update import encode_update
from grammar.base.values import Address, Afi, Prefix
from tests.bgp.routers import peer
from tests.bgp.sessions import ONE, TWO, answer, opened
from tests.bgp.stranger import AS_PATH, GOOD, NEXT_HOP6, ORIGIN, STRANGER, Stranger, update


@pytest.mark.parametrize("size", [4000, 4077, 65000, 65516])
def test_a_notification_fits_into_a_message(size: int) -> None:
    # RFC 7313 sec. 5 has the whole message sent back: two bytes more than there may be.
    body = Refresh(1, 1, RefreshKind.BEGIN, bytes(size - 4)).encode()
    session, told = answer(ONE, opened(TWO), pack(4), pack(5, body))
    assert session.state is State.IDLE
    assert told is not None
    assert (told.code, told.subcode) == (7, 1)
    assert told.data == body[: 65535 - 21]


def test_of_thousands_of_attributes_that_are_discarded_the_log_names_a_few() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    before = stranger.said.count("rcvd UPDATE with errors")
    stranger.say(update(GOOD + b"\x40\1\1\0" * 900, b"\x10\x0a\x42"))
    assert stranger.state is State.ESTABLISHED
    assert stranger.said.count("rcvd UPDATE with errors") - before == 2
    assert "897 more attributes discarded" in stranger.said


def test_bad_updates_by_the_thousand_are_few_lines_of_log_and_a_count() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    before = len(stranger.said.splitlines())
    bad = [update(GOOD + b"\x40\1\1\0", b"\x10\x0a\x42")] * 2000
    # Each names other bytes.
    bad += [update(GOOD + b"\xc0\x08\1" + bytes([n % 256]), b"\x10\x0a\x42") for n in range(1000)]
    stranger.say(*bad)
    assert stranger.state is State.ESTABLISHED
    assert len(stranger.said.splitlines()) - before <= KINDS
    stranger.network.advance(AGAIN + 1)
    stranger.say(bad[0])
    lines = stranger.said.splitlines()[before:]
    assert len(lines) <= KINDS + 2
    told = sum(int(line.split()[-4]) for line in lines if line.endswith("more like these"))
    assert told >= 2900
    stranger.check_friend()


def test_bad_updates_are_all_written_where_updates_are_debugged() -> None:
    stranger = Stranger().reach(State.ESTABLISHED)
    peer(stranger.router, STRANGER).debug_updates_in = True
    stranger.say(*[update(GOOD + b"\x40\1\1\0", b"\x10\x0a\x42")] * 50)
    assert stranger.said.count("rcvd UPDATE with errors") == 50


def test_next_hops_of_a_neighbours_choice_do_not_meet_in_one_place() -> None:
    # Next hops that differ in their upper half alone: 20,000 of them in one place of a hash table
    # took a minute.
    pool, peer = AttrPool(), Negotiated()
    before = GOOD[:-4]
    start = process_time()
    sets = [pool.intern(before + bytes([1 + n % 100, n // 100, 0, 0]), peer) for n in range(20_000)]
    assert process_time() - start < 5
    assert len(pool) == len(sets)
    del sets
    gc.collect()
    assert len(pool) == 0


def fallen_together(count: int) -> list[int]:
    """Addresses of IPv6 in networks of their own whose /128 would have equal hashes, did keys and
    addresses not have a salt."""
    found = []
    modulus = 2**61 - 1
    for number in range(count):
        high = 0x20010DB8 << 32 | number
        left = ((high << 64) << 8 | 128) % modulus
        low = (12345 - left) * pow(256, -1, modulus) % modulus
        found.append(high << 64 | low)
    assert len({hash(value << 8 | 128) for value in found}) == 1
    return found


def test_keys_and_addresses_of_a_neighbours_choice_do_not_meet_in_one_place() -> None:
    values = fallen_together(1000)
    prefixes = [Prefix(Afi.IPV6, value, 128) for value in values]
    keys = [prefix.key for prefix in prefixes]
    assert len({hash(key) for key in keys}) == 1000
    assert len({hash(prefix) for prefix in prefixes}) == 1000
    assert len({hash(Address(Afi.IPV6, value)) for value in values}) == 1000
    nlri = b"".join(b"\x80" + value.to_bytes(16, "big") for value in values)
    assert decode_prefixes(nlri, 2) == keys
    assert [Prefix.from_key(Afi.IPV6, key) for key in keys] == prefixes
    assert sorted(keys) == [prefix.key for prefix in sorted(prefixes, key=lambda it: it.value)]


def test_prefixes_of_ipv6_that_are_chosen_cost_no_more_than_others() -> None:
    # 8,000 of them took 3.4 seconds. Few of them meet as by chance, so the time is as for others.
    def time_of(values: list[int]) -> float:
        stranger = Stranger().reach(State.ESTABLISHED)
        keys = [Prefix(Afi.IPV6, value, 128).key for value in values]
        start = process_time()
        stranger.say(*encode_update(ORIGIN + AS_PATH, keys, 2, NEXT_HOP6))
        stranger.network.advance(40)
        taken = process_time() - start
        assert len(stranger.known) == len(values) + 2
        return taken

    chosen = fallen_together(4000)
    harmless = [0x20010DB8 << 96 | number << 64 | 1 for number in range(len(chosen))]
    assert time_of(chosen) < 3 * time_of(harmless) + 0.3


def test_a_message_in_many_pieces_is_put_together_once() -> None:
    message = pack(2, bytes(65516))
    framer = Framer(65535)
    start = process_time()
    for at in range(len(message)):
        framer.feed(message[at : at + 1])
        assert at == len(message) - 1 or not list(framer)
    assert list(framer) == [(2, bytes(65516))]
    assert process_time() - start < 5
    assert framer.pending == 0


def test_what_follows_a_cut_message_is_not_lost() -> None:
    framer = Framer()
    whole = pack(3, Notification(6, 2).encode()) + pack(4)
    framer.feed(whole[:20])
    assert list(framer) == []
    framer.feed(whole[20:])
    assert [kind for kind, _ in framer] == [3, 4]
