"""The attributes of an announcement as bytes: AS_PATH and AS4_PATH tell one path (RFC 6793)."""

import pytest

from bgp.attrs import AttrPool
from bgp.config import IPV4_UNICAST
from bgp.negotiated import Negotiated
from bgp.rib.announced import Announced
from bgp.rib.encoding import encode
from bgp.rib.export import Profile
from bgp.rib.special import Special
from bgp.wire.attributes.aspath import AsPath
from grammar.base.values import Address

OWN, BIG = 65001, 4200000001
HOP = Address.parse("10.0.0.1").pack()
SERVER = Special(AttrPool(), IPV4_UNICAST, OWN, route_server=True)
UNCHANGED = Special(AttrPool(), IPV4_UNICAST, OWN, as_path_unchanged=True)


def heard(profile: Profile, path: AsPath) -> str:
    """The path as a neighbour reads it."""
    attrs = AttrPool().make(origin=0, as_path=path)
    raw = encode(Announced(attrs, local_pref=100), profile, HOP)
    told = AttrPool().intern(raw, Negotiated(external=profile.external, as4=profile.as4))
    return told.as_path.text


def profile(special: Special | None, as4: bool) -> Profile:
    return Profile(IPV4_UNICAST, True, OWN, (OWN,), as4, special=special)


@pytest.mark.parametrize("as4", [True, False])
@pytest.mark.parametrize("special", [None, SERVER, UNCHANGED])
@pytest.mark.parametrize(
    "path",
    [
        AsPath.sequence(BIG, 65003),
        AsPath(((2, (65002, BIG)), (1, (7, BIG)))),
        AsPath(((3, (65010,)), (2, (BIG,)))),
        AsPath.sequence(*range(100, 100 + 255), BIG),
        AsPath(),
    ],
)
def test_old_speakers_read_the_same_path(path: AsPath, special: Special | None, as4: bool) -> None:
    told = path.without_confederation()
    if special is None or (special is UNCHANGED and not told.segments):
        told = told.prepend(OWN)
    assert heard(profile(special, as4), path) == told.text


@pytest.mark.parametrize("as4", [True, False])
def test_members_of_a_confederation_read_where_the_route_was(as4: bool) -> None:
    member = Profile(IPV4_UNICAST, False, OWN, (OWN,), as4, confederation=True)
    found = heard(member, AsPath(((3, (65010,)), (2, (BIG, 65003)))))
    assert found == f"({OWN} 65010) {BIG} 65003"
