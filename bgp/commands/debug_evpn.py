"""`debug bgp updates prefix l2vpn evpn ...`: the routes of EVPN that updates are logged for."""

from bgp.commands.debug import DEBUG, TOPICS, limit_topic
from grammar.base.values import Prefix
from grammar.command import Call, Reply, action

_TOPIC = next(topic for topic in TOPICS if topic.words == "updates prefix")
_TYPES = {"2": "macip", "3": "multicast", "5": "prefix"}
_NUMBERS = {word: number for number, word in _TYPES.items()}


def _route(values: dict[str, object]) -> tuple[str, str]:
    """How a route prints in the line, and how FRR writes it in a sentence."""
    typed = str(values["type"])
    word = _TYPES.get(typed, typed)
    number = _NUMBERS[word]
    ip = values.get("ip")
    match word:
        case "macip":
            mac = str(values["mac"]).partition("/")[0].lower()
            line, told = f"mac {mac}", f"[48]:[{mac}]"
            if ip is not None:
                line, told = f"{line} ip {ip}", f"{told}:{_bracketed(ip)}"
        case _:
            line, told = f"ip {ip}", _bracketed(ip)
    return f"l2vpn evpn type {word} {line}", f"[{number}]:[0]:{told}"


def _bracketed(ip: object) -> str:
    if isinstance(ip, Prefix):
        return f"[{ip.length}]:[{ip.address}]"
    return f"[{128 if ':' in str(ip) else 32}]:[{ip}]"


@action(
    DEBUG,
    "debug bgp updates prefix l2vpn evpn type"
    " <<macip|2>$type mac <X:X:X:X:X:X|X:X:X:X:X:X/M>$mac [ip <A.B.C.D|X:X::X:X>$ip]"
    "|<multicast|3>$type ip <A.B.C.D|X:X::X:X>$ip"
    "|<prefix|5>$type ip <A.B.C.D/M|X:X::X:X/M>$ip>",
    "Debugging",
    "BGP",
    "UPDATE messages",
    "Of one prefix",
    "Layer 2",
    "EVPN",
    "By the type of route",
    "MAC and IP addresses",
    "By its number",
    "MAC address",
    "An address",
    "An address with a mask",
    "IP address",
    "IPv4",
    "IPv6",
    "Multicast",
    "By its number",
    "IP address",
    "IPv4",
    "IPv6",
    "IP prefix",
    "By its number",
    "The prefix",
    "IPv4",
    "IPv6",
    negatable=True,
)
def _updates_evpn(call: Call) -> Reply | None:
    values = dict(call.values)
    if isinstance(ip := values.get("ip"), Prefix):
        values["ip"] = ip.network
    return limit_topic(call, _TOPIC, *_route(values))
