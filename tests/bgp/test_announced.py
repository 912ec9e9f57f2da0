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
    interned, attrs = Interned(), POOL.make(med=7)
    one = interned.keep(Announced(attrs, weight=1))
    other = interned.keep(Announced(attrs, weight=2))
    assert one is not other
    assert interned.keep(Announced(attrs, weight=1)) is one
    assert interned.keep(Announced(attrs, weight=2)) is other
    interned.sweep(9)
    assert len(interned) == 2
    del one
    interned.sweep(9)
    assert len(interned) == 1
    assert interned.keep(Announced(attrs, weight=2)) is other
    interned.sweep(9)
    assert len(interned) == 1
    del other
    interned.sweep(9)
    assert len(interned) == 0


def test_what_is_no_longer_in_use_goes_as_others_come() -> None:
    interned = Interned()
    used = [interned.keep(Announced(POOL.make(med=number))) for number in range(50)]
    for number in range(50, 1000):
        interned.keep(Announced(POOL.make(med=number)))
    assert len(interned) <= 2 * len(used) + 2
    assert all(interned.keep(Announced(one.attrs)) is one for one in used)
