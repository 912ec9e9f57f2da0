"""What is said beside values: read from configurations and from shows as JSON."""

import json

from pyvtysh.meanings import of_configuration, of_interfaces, of_routes, of_summary, table_size

CONFIGURATION = """\
interface eth0
 description up to the core
!
vrf blue
exit-vrf
ip route 198.51.100.0/24 Null0
router bgp 65001
 neighbor RACK peer-group
 neighbor RACK remote-as external
 neighbor 192.0.2.2 remote-as 65002
 neighbor 192.0.2.2 description upstream of Rome
 neighbor 192.0.2.3 peer-group RACK
 neighbor eth0 interface peer-group RACK
 neighbor eth1 interface v6only remote-as internal
 address-family ipv4 unicast
  network 203.0.113.0/24
 exit-address-family
ip prefix-list OURS description what is ours
ip prefix-list OURS seq 5 permit 198.51.100.0/24
ip prefix-list OURS seq 10 permit 203.0.113.0/24 le 32
bgp community-list standard C seq 5 permit 65001:1
bgp as-path access-list A permit ^65002_
bgp as-path access-list A deny .*
route-map IN permit 10
 description good ones
 match ip address prefix-list OURS
route-map IN deny 20
"""


def test_a_configuration() -> None:
    found = of_configuration(CONFIGURATION)
    assert found["interface"] == {"eth0": "up to the core"}
    assert found["vrf"] == {"blue": ""}
    assert found["peer"] == {
        "RACK": "peer group, external",
        "192.0.2.2": "AS 65002, upstream of Rome",
        "192.0.2.3": "external, group RACK",
        "eth0": "external, group RACK",
        "eth1": "internal",
    }
    assert found["peer-group"] == {"RACK": "external, 2 members"}
    assert found["prefix"] == {"198.51.100.0/24": "static, Null0", "203.0.113.0/24": "network"}
    assert found["prefix-list"] == {"OURS": "what is ours"}
    assert found["prefix-list OURS"] == {
        "5": "permit 198.51.100.0/24",
        "10": "permit 203.0.113.0/24 le 32",
    }
    assert found["community"] == {"C": "permit 65001:1"}
    assert found["as-path"] == {"A": "permit ^65002_ and 1 more"}
    assert found["route-map"] == {"IN": "10 permit, 20 deny"}
    assert found["route-map IN"] == {
        "10": "permit: description good ones, match ip address prefix-list OURS",
        "20": "deny",
    }


def test_a_summary_and_the_size_of_its_tables() -> None:
    peers = {
        "10.0.0.2": {"remoteAs": 65002, "state": "Established", "pfxRcd": 7, "desc": "core"},
        "10.0.0.3": {"remoteAs": 65003, "state": "Idle (Admin)"},
    }
    text = json.dumps({"default": {"ipv4Unicast": {"ribCount": 12, "peers": peers}}, "v": {}})
    assert of_summary(text)["peer"] == {
        "10.0.0.2": "AS 65002, Established, prefixes received: 7, core",
        "10.0.0.3": "AS 65003, Idle (Admin)",
    }
    assert table_size(text) == 12


def test_interfaces_and_routes() -> None:
    link = {
        "administrativeStatus": "up",
        "operationalStatus": "up",
        "description": "core",
        "ipAddresses": [{"address": "10.1.0.1/24"}],
    }
    assert of_interfaces(json.dumps({"eth0": link}))["interface"] == {
        "eth0": "up, 10.1.0.1/24, core"
    }
    paths = [{"path": "1"}, {"bestpath": True, "path": "65002", "nexthops": [{"ip": "10.0.0.2"}]}]
    assert of_routes(json.dumps({"routes": {"10.9.0.0/16": paths}}))["prefix"] == {
        "10.9.0.0/16": "via 10.0.0.2, path 65002"
    }


def test_what_is_no_json_means_nothing() -> None:
    for text in ("", "% BGP instance not found\n", "[]", '{"default": 3}', '{"routes": {"a": 1}}'):
        assert not of_summary(text)["peer"]
        assert not of_interfaces(text)["interface"]
        assert not of_routes(text).get("prefix")
        assert table_size(text) == 0
