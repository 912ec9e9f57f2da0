"""What `?` says about a word when the command itself says nothing: one table for all commands."""

_KEYWORDS = """
activate: Exchange routes of this family with the peer
address-family: Enter the settings of one address family
addpath-tx-all-paths: Send every path of a prefix, not the best alone
advertised-routes: Routes sent to this peer
advertisement-interval: Least time between two updates
aggregate-address: Announce one prefix in place of the longer ones
all: All of them
allowas-in: Accept routes whose path holds our own AS
always-compare-med: Compare MED between paths of different neighbour ASes
any: Anything
as-path: The path of AS numbers
as-set: Keep the AS numbers of the aggregated routes
attribute-info: The attribute sets in memory
backdoor: Prefer internal routes to this network
bestpath: How the best path is chosen
bfd: Bidirectional forwarding detection
bgp: The Border Gateway Protocol
blackhole: Drop packets silently
brief: A short form
capability: What is offered to the peer at the start of a session
cidr-only: Only prefixes that are not of a classful length
clear: Reset sessions, routes or counters
cluster-id: The cluster that this route reflector belongs to
cluster-list: The clusters that a reflected route has passed
community: Communities of routes
community-list: Lists of communities
configure: Enter the configuration
confederation: Several ASes that look like one
connect: The attempt to open a session
connected: Networks of our own interfaces
copy: Copy a configuration
daemons: The daemons that run
dampening: Hold back routes that change too often
debug: Log what happens in detail
default: The default value
default-information: The default route
default-originate: Send a default route to the peer
defaults: The set of default values in use
deny: Refuse what matches
description: A text about this thing
detail: All details
deterministic-med: Compare paths of one neighbour AS first
disable: Leave the privileged mode
disable-connected-check: Allow a peer that is one hop away by a loopback address
distance: Administrative distance
distribute-list: Filter routes by an access list
do: Run a command of the enable mode
dont-capability-negotiate: Offer no capabilities
ebgp: Sessions with other ASes
ebgp-multihop: Allow a peer in another AS that is not directly connected
ebgp-requires-policy: Exchange nothing with other ASes unless a filter says what
echo: Print the words that follow
enable: Enter the privileged mode
end: Return to the privileged mode
enforce-first-as: Refuse routes whose path does not start with the peer's AS
established: Sessions that are up
exact-match: Exactly the communities given
exit: Leave this mode
exit-address-family: Leave the address family
exit-vrf: Leave the VRF
extcommunity: Extended communities
extcommunity-list: Lists of extended communities
external: Any other AS than our own
failed: Sessions that are not up
fib: Routes in use for forwarding
file: A file
filter-list: Filter routes by their AS path
find: Find commands by a regular expression
flowspec: Rules for traffic, carried by BGP
forwarding: Passing packets on between interfaces
frr: Settings of the suite
global: Global addresses
goto: Go on at another entry
graceful-restart: Keep routes while a session restarts
graceful-shutdown: Ask neighbours to route around us
hard: Reset for good, without graceful restart
help: How the interactive help works
history: The lines typed before
hostname: The name of this system
ibgp: Sessions within our own AS
in: What we receive
inbound: What we receive
include: Only the lines that match
interface: A network interface
internal: Our own AS
ip: IPv4
ipv4: IPv4
ipv6: IPv6
json: Print JSON
kernel: Routes that others put into the kernel
keepalive: Time between keepalives
keepalives: Messages that keep a session up
l2vpn: Layer 2 networks
label: An MPLS label
labeled-unicast: Routes with MPLS labels
large-community: Large communities
large-community-list: Lists of large communities
le: This prefix length or shorter
ge: This prefix length or longer
limit: The most allowed
line: A terminal line
list: Print the commands of this mode
listen: Accept sessions
local: Ours
local-as: Another AS number to use as our own
local-preference: Preference within our AS, higher is better
log: Where and what to log
log-neighbor-changes: Log when a session goes up or down
logging: Log settings
longer-prefixes: This prefix and those within it
loopback: The loopback interface
mac: Ethernet addresses
match: What a route must have
maximum-paths: The most paths used at once
maximum-prefix: The most prefixes taken from the peer
med: The multi-exit discriminator
memory: Memory in use
message: A text for the peer
metric: The metric of a route
monitor: Follow the log on this terminal
multicast: Routes for multicast
multipath-relax: Use several paths of the same length through different ASes
neighbor: A BGP peer
neighbor-events: What happens to sessions
neighbors: The BGP peers
network: A network to announce
next-hop: The next hop of a route
next-hop-self: Name ourselves as the next hop
nexthop: The next hops of routes
nht: Next hops that are watched
no: Take back a setting
no-header: Without the lines around it
null0: Drop packets
on-match: What to do after a match
open: Open messages
originator-id: Who brought a reflected route into the AS
out: What we send
outbound: What we send
override-capability: Ignore what the peer offers
passive: Wait for the peer to connect
password: A password
paths: The AS paths in memory
peer: A peer
peer-group: Peers that share settings
permit: Accept what matches
ping: Send echo requests to a host
port: A TCP port
prefix: A network prefix
prefix-counts: How many prefixes a peer has sent
prefix-filter: The peer's own prefix list
prefix-list: Filter routes by a prefix list
quit: Leave this mode
received-routes: Routes received from this peer, before filters
redistribute: Announce routes of another origin
regexp: A regular expression
reject: Drop packets and tell the sender
remark: A text about the list
remote-as: The AS number of the peer
remove-private-AS: Cut private AS numbers out of paths sent
rib: The routing table
rmap-type: Kind of route-map
route: The routing table
route-map: A route-map
route-reflector-client: Reflect routes to and from this peer
route-server-client: Serve this peer as a route server
router: A routing process
router-id: The number that names this router
routes: Routes accepted from this peer
running-config: The configuration in force
send-community: Send communities to the peer
seq: The place in the list
sequence: The place in the list
set: What to change in a route
show: Look at the state of the system
shutdown: Keep the session down
soft: Without closing sessions
soft-reconfiguration: Keep routes as they were received
solo: Send updates to this peer alone
startup-config: The configuration in the file
static: Static routes
statistics: Figures
strict-capability-match: Refuse peers that do not know what we offer
suppress-map: Choose the routes that are held back
summary: A line for each
summary-only: Hold back the longer prefixes
supernets-only: Only prefixes shorter than their class
system: The whole system
table: A routing table
tag: A number that marks routes
tcp-mss: The largest TCP segment
terminal: This terminal
timers: How long things may take
traceroute: Find the hops to a host
ttl-security: Check how many hops a packet has come
unicast: Routes for unicast
unsuppress-map: Choose held-back routes to send after all
update: Update messages
update-groups: Peers that are sent the same updates
update-source: Where our side of the session starts
updates: Update messages
version: The version of the software
view: A table of routes apart from the kernel
views: Tables of routes apart from the kernel
vpn: Routes of VPNs
vrf: A virtual routing table
vrfs: The virtual routing tables
vty: A virtual terminal
weight: Preference within this router, higher is better
wide: Use wider columns
work-queues: Queued work
write: Save or print the configuration
zebra: The routing table and kernel daemon
"""

_VARIABLES = """
A.B.C.D: An IPv4 address
A.B.C.D/M: An IPv4 prefix
X:X::X:X: An IPv6 address
X:X::X:X/M: An IPv6 prefix
X:X:X:X:X:X: An Ethernet address
IFNAME: Name of an interface
INTERFACE: Name of an interface
RMAP_NAME: Name of a route-map
RMAP: Name of a route-map
NAME: A name
VRFNAME: Name of a VRF
VIEWVRFNAME: Name of a view or VRF
PGNAME: Name of a peer group
WORD: A word
LINE: A text
MSG: A text
REGEX: A regular expression
FILENAME: Name of a file
AA:NN: A community
"""


def _table(text: str) -> dict[str, str]:
    rows = (line.rpartition(": ") for line in text.strip().splitlines())
    return {word: explanation for word, _, explanation in rows}


DEFAULT_HELP = _table(_KEYWORDS) | _table(_VARIABLES)
"""The text `?` shows for a token, by the token as `?` shows it."""


def default_help(text: str) -> str:
    """The shared help for a token; for a word not in the table, the word made readable."""
    if found := DEFAULT_HELP.get(text):
        return found
    if text.startswith("("):
        return "A number"
    if text[:1].isupper():
        return f"{text.replace('_', ' ').replace('-', ' ').capitalize()}"
    return text.replace("-", " ").replace("_", " ").capitalize()
