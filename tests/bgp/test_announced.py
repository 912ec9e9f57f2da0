"""Routes on their way out: the short way says what the long one says, equal ones are one object."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from bgp.attrs import AttrPool
from bgp.config import IPV4_UNICAST
from bgp.rib.announced import Announced, Interned
from bgp.rib.export import Profile, announce, announce_plain, is_plain
from bgp.rib.path import Path
from grammar.base.values import Address

POOL = AttrPool()
PROFILE = Profile(IPV4_UNICAST, True, 65001, (65001,))


@dataclass(eq=False)
class Sender:
    """Whom a path is from."""

    is_local: bool
    is_ebgp: bool
    is_confederation: bool = False
    epoch: int = 0
    router_id: int = 7
    remote_as: int = 65002
    sort_address: int = 0x0A000002

    def is_client(self, family: object) -> bool:
        return False

    is_served = is_client


ADDRESSES = st.sampled_from([None, "10.0.0.2", "10.0.0.9", "2001:db8::1"]).map(
    lambda text: text and Address.parse(text)
)
ATTRS = st.builds(
    POOL.make,
    med=st.sampled_from([None, 0, 5]),
    local_pref=st.sampled_from([None, 100]),
    communities=st.lists(
        st.sampled_from([1, 0xFFFF0000, 0xFFFFFF01, 0xFFFFFF02, 0xFFFFFF03, 0xFFFFFF04]), max_size=2
    ).map(tuple),
)
SENDERS = st.sampled_from([Sender(True, False), Sender(False, True), Sender(False, False)])
PATHS = st.builds(
    Path,
    SENDERS,
    ATTRS,
    ADDRESSES,
    st.none(),
    st.just(0.0),
    weight=st.sampled_from([0, 32768]),
    label=st.sampled_from([None, None, None, 16]),
    hop_set=st.sampled_from([False, False, True]),
)


@given(PATHS, st.booleans())
def test_the_short_way_out_says_what_the_long_one_says(path: Path, near: bool) -> None:
    assert is_plain(PROFILE)
    short, whole = (way(path, PROFILE, lambda _: near) for way in (announce_plain, announce))
    assert (short and short.content) == (whole and whole.content)


def test_only_a_plain_profile_is_plain() -> None:
    for change in ("silent", "next_hop_self", "multiprotocol", "confederation"):
        assert not is_plain(replace(PROFILE, **{change: True}))
    assert not is_plain(replace(PROFILE, external=False))


def test_equal_ones_are_one_object_while_it_is_in_use() -> None:
    interned = Interned()
    sets = [POOL.make(med=number) for number in range(2000)]
    used = [interned.keep(Announced(each, weight=weight)) for each in sets for weight in (1, 2)]
    assert len({id(one) for one in used}) == len(interned) == 4000
    assert all(interned.keep(Announced(one.attrs, weight=one.weight)) is one for one in used)
    interned.sweep(5000)
    assert len(interned) == 4000
    del used[1::2]
    for number in range(2000, 5000):
        interned.keep(Announced(POOL.make(med=number)))
    interned.sweep(9000)
    assert len(interned) == len(used) == 2000
    assert all(interned.keep(Announced(one.attrs, weight=1)) is one for one in used)
    del used[:]
    interned.keep(Announced(sets[0], weight=3))
    interned.sweep(9000)
    interned.sweep(9000)
    assert len(interned) <= 2024
