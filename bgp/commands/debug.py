"""`debug bgp ...`: typed in config it is kept and printed, typed in the enable node it is answered.

A topic is a switch by its words. `no` in the enable node leaves what config holds; in config it
takes both away.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bgp.commands.nodes import SHOW
from bgp.config import BgpdConfig, DebugTopics
from bgp.effects import Effect
from grammar.base.values import Prefix
from grammar.command import Action, Answer, Call, Reply, action, show
from grammar.node import CONFIG, ENABLE
from grammar.scope import Scope

DEBUG = Scope((ENABLE, CONFIG))
"""Debug lines; printed ahead of everything else of bgpd."""

VNC = Scope((ENABLE, CONFIG))
"""Those of VNC."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One switch. `words` follow `debug bgp`.

    `answer` is what the enable node says, with `{}` for on/off; `status` the line of `show
    debugging`. For switches that can be limited to peers or prefixes: `limit` is the notation of
    the limit, and `limited`, `again`, `absent` are FRR's sentences about one (`{}` is the limit,
    `{state}` on or off); `last` is said in the enable node when the last limit goes.
    """

    words: str
    answer: str
    status: str
    limit: str = ""
    limited: str = ""
    again: str = ""
    absent: str = ""
    last: str = ""
    switched_off: str = ""
    keeps: bool = False
    """Whether its limits stay when it is switched on for all."""

    @property
    def alone(self) -> bool:
        """True if the switch exists without a limit."""
        return bool(self.answer)


_PEER = "<A.B.C.D|X:X::X:X|WORD>$limit"
_PREFIX = "<A.B.C.D/M|X:X::X:X/M>$limit"


def _plain(words: str, name: str, status: str = "") -> Topic:
    shown = status or f"BGP {words} debugging is on"
    return Topic(words, f"BGP {name} debugging is {{}}", shown)


def _vpn(what: str, status: str) -> Topic:
    words = f"vpn {what}"
    return Topic(words, f"{{}} debug bgp {words}", f"BGP {status} debugging is on")


def _per_peer(words: str, again: str) -> Topic:
    return Topic(
        words,
        answer=f"BGP {words} debugging is {{}}",
        status=f"BGP {words} debugging is on",
        limit=_PEER,
        limited=f"BGP {words} debugging is {{state}} for {{}}",
        again=f"BGP {again} debugging is already enabled for {{}}",
        absent=f"BGP {words} debugging was not enabled for {{}}",
    )


def _updates(word: str, name: str) -> Topic:
    return Topic(
        f"updates {word}",
        answer=f"BGP updates debugging is {{}} ({name})",
        status=f"BGP updates debugging is on ({name})",
        limit=_PEER,
        limited=f"BGP updates debugging is {{state}} ({name}) for {{}}",
        again=f"BGP {name} update debugging is already enabled for {{}}",
        absent=f"BGP updates debugging ({name}) was not enabled for {{}}",
        last=f"BGP updates debugging ({name}) is off\n",
        switched_off=f"BGP updates debugging ({name}) is off for {{}}",
    )


def _per_prefix(
    words: str, name: str, limit: str, answer: str, last: str, *, keeps: bool = False
) -> Topic:
    return Topic(
        words,
        answer=answer,
        status=f"BGP {name} debugging is on",
        limit=limit,
        limited=f"BGP {name} debugging is {{state}} for {{}}",
        again=f"BGP {name} debugging is already enabled for {{}}",
        absent=f"BGP {name} debugging was not enabled for {{}}",
        last=last,
        keeps=keeps,
    )


TOPICS = (
    _plain("as4", "as4"),
    _plain("as4 segment", "as4 segment", "BGP as4 aspath segment debugging is on"),
    _per_prefix(
        "bestpath", "bestpath", _PREFIX, "", "BGP bestpath debugging (per prefix) is off\n"
    ),
    _per_peer("keepalives", "keepalive"),
    _per_peer("neighbor-events", "neighbor-events"),
    _plain("nht", "nexthop tracking", "BGP next-hop tracking debugging is on"),
    _plain("update-groups", "update-groups"),
    _per_prefix(
        "updates prefix", "updates", _PREFIX, "", "BGP updates debugging (per prefix) is off\n"
    ),
    _updates("in", "inbound"),
    _updates("out", "outbound"),
    _per_prefix(
        "zebra",
        "zebra",
        f"prefix {_PREFIX}",
        "BGP zebra debugging is {}",
        "BGP zebra debugging is off\n",
        keeps=True,
    ),
    _vpn("leak-from-vrf", "route leak from vrf to vpn"),
    _vpn("leak-to-vrf", "route leak to vrf from vpn"),
    _vpn("rmap-event", "vpn route-map event"),
    _vpn("label", "vpn label event"),
    _plain("flowspec", "flowspec"),
    Topic("labelpool", "{} debug bgp labelpool", "BGP labelpool debugging is on"),
    Topic(
        "pbr",
        "BGP policy based routing is {}",
        "BGP policy based routing debugging is on",
    ),
    Topic(
        "pbr error",
        "BGP policy based routing error is {}",
        "BGP policy based routing error debugging is on",
    ),
    _plain("graceful-restart", "Graceful Restart", "BGP graceful-restart debugging is on"),
    _plain("evpn mh es", "EVPN-MH ES", "BGP EVPN-MH ES debugging is on"),
    _plain("evpn mh route", "EVPN-MH route", "BGP EVPN-MH route debugging is on"),
    _plain("bfd", "", "BGP BFD library debugging is on"),
)
"""The topics in the order in which FRR prints them."""

VNC_TOPICS = tuple(
    _plain(f"vnc {word}", f"vnc {word}", " ")
    for word in ("rfapi-query", "import-bi-attach", "import-del-remote", "verbose")
)
"""Those of VNC, which print behind others and are not shown."""


def _config(call: Call) -> BgpdConfig:
    config: BgpdConfig = call.daemon.config
    return config


def _kept(call: Call) -> tuple[DebugTopics, ...]:
    """What a line changes: the switches in force, and in config those that print too."""
    config = _config(call)
    if call.session.node is ENABLE:
        return (config.debugging,)
    return (config.debug, config.debugging)


def _say(call: Call, text: str) -> Reply | None:
    """The enable node answers; config does it silently."""
    return Reply([text + "\n"]) if call.session.node is ENABLE and text else None


def _state(topic: Topic, on: bool) -> str:
    if topic.words == "bfd":
        return ""
    if topic.answer.startswith("{}"):
        return topic.answer.format("enabled" if on else "disabled")
    return topic.answer.format("on" if on else "off")


def _switch(topic: Topic) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        for switches in _kept(call):
            if call.negated:
                switches.pop(topic.words, None)
            elif not topic.keeps or topic.words not in switches:
                switches[topic.words] = {}
        call.changed(Effect.DEBUG, call.daemon)
        return _say(call, _state(topic, not call.negated))

    return run


def _typed_limit(call: Call) -> str:
    """The limit as it was typed: FRR repeats it so, host bits and all."""
    return call.line.split()[-1]


def _limit(topic: Topic) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        value, typed = call.values["limit"], _typed_limit(call)
        # Peers are kept as typed, prefixes as networks.
        key = str(value.network) if isinstance(value, Prefix) else typed
        return limit_topic(call, topic, key, typed)

    return run


def limit_topic(call: Call, topic: Topic, key: str, told: str) -> Reply | None:
    """Limit a topic to one thing more, or less: `key` is what prints, `told` what is answered."""
    known = key in _kept(call)[0].get(topic.words, {})
    call.changed(Effect.DEBUG, call.daemon)
    if call.negated:
        return _unlimit(call, topic, key, told, known)
    if known:
        return Reply([topic.again.format(told) + "\n"])
    for switches in _kept(call):
        switches.setdefault(topic.words, {})[key] = None
    return _say(call, topic.limited.format(told, state="on"))


def _unlimit(call: Call, topic: Topic, key: str, told: str, known: bool) -> Reply:
    if not known:
        return Reply([topic.absent.format(told) + "\n"])
    last = ""
    for switches in _kept(call):
        limits = switches.get(topic.words, {})
        limits.pop(key, None)
        if not limits and switches.pop(topic.words, None) is not None:
            last = topic.last if call.session.node is ENABLE else ""
    sentence = topic.switched_off or topic.limited
    return Reply([last, sentence.format(told, state="off") + "\n"])


def _lines(topic: Topic) -> Callable[[Any, Any], Iterator[str]]:
    keyword = " prefix" if topic.limit.startswith("prefix") else ""

    def lines(daemon: Any, names: Any) -> Iterator[str]:
        limits = daemon.config.debug.get(topic.words)
        if limits is None:
            return
        if not limits and topic.alone:
            yield f"debug bgp {topic.words}"
        for limit in limits:
            yield f"debug bgp {topic.words}{keyword} {limit}"

    return lines


def _declare(topic: Topic, scope: Scope) -> None:
    words = f"debug bgp {topic.words}"
    help_ = ("Debugging", "BGP", *topic.words.split())
    printer = _lines(topic)
    if topic.alone:
        Action(scope, words, *help_, run=_switch(topic), negatable=True, printer=printer)
    if topic.limit:
        Action(
            scope,
            f"{words} {topic.limit}",
            *help_,
            *("Only this one" for _ in topic.limit.split("|")),
            run=_limit(topic),
            negatable=True,
            printer=None if topic.alone else printer,
        )


for _topic in TOPICS:
    _declare(_topic, DEBUG)
for _topic in VNC_TOPICS:
    _declare(_topic, VNC)

_UPDATES = ("updates in", "updates out")


@action(DEBUG, "debug bgp updates", "Debugging", "BGP", "UPDATE messages", negatable=True)
def _updates_both(call: Call) -> Reply | None:
    for switches in _kept(call):
        for words in _UPDATES:
            if call.negated:
                switches.pop(words, None)
            else:
                switches[words] = {}
        if call.negated or call.session.node is not ENABLE:
            switches.pop("updates prefix", None)
        elif "updates prefix" in switches:
            # Still on, as FRR says, for all; there is no line for that.
            switches["updates prefix"] = {}
    call.changed(Effect.DEBUG, call.daemon)
    return _say(call, f"BGP updates debugging is {'off' if call.negated else 'on'}")


@action(DEBUG, "no debug bgp bestpath", "Take a line back", "Debugging", "BGP", "Best paths")
def _no_bestpath(call: Call) -> Reply | None:
    for switches in _kept(call):
        switches.pop("bestpath", None)
    call.changed(Effect.DEBUG, call.daemon)
    return _say(call, "BGP bestpath debugging is off")


_EVERY = tuple(topic.words for topic in (*TOPICS, *VNC_TOPICS) if topic.alone)


@action(DEBUG, "debug bgp all", "Debugging", "BGP", "All of it", negatable=True, hidden=True)
def _all(call: Call) -> Reply | None:
    # Not in FRR 8.4.4; guides list it all the same.
    for switches in _kept(call):
        if call.negated:
            switches.clear()
        else:
            switches.update((words, {}) for words in _EVERY)
    call.changed(Effect.DEBUG, call.daemon)
    return _say(call, f"BGP all debugging is {'off' if call.negated else 'on'}")


_ONLY_ENABLE = Scope((ENABLE,))


@action(_ONLY_ENABLE, "no debug bgp", "Take a line back", "Debugging", "BGP")
def _none(call: Call) -> str:
    _config(call).debugging.clear()
    call.changed(Effect.DEBUG, call.daemon)
    return "All possible debugging has been turned off"


_SHOWN_EARLY = "vpn leak-from-vrf"
"""The topic ahead of which `show debugging` has graceful restart."""


def _shown() -> Iterator[Topic]:
    restart = next(topic for topic in TOPICS if topic.words == "graceful-restart")
    for topic in TOPICS:
        if topic.words == _SHOWN_EARLY:
            yield restart
        if topic is not restart:
            yield topic


def statuses(config: BgpdConfig) -> Iterator[str]:
    """The lines of `show debugging`; EVPN routes end theirs, as in FRR."""
    for topic in _shown():
        limits = config.debugging.get(topic.words)
        if limits is None:
            continue
        told = [f" {limit}\n" if limit.startswith("l2vpn ") else f" {limit}" for limit in limits]
        yield topic.status + (f" for{''.join(told)}" if told else "")


@show(SHOW, "show debugging [bgp]", "Show", "Which debugging is on", "BGP's")
def _show_debugging(daemon: Any) -> object:
    from bgp.show.views.misc import Debugging

    return Debugging(tuple(statuses(daemon.config)))


@action(
    VNC,
    "no debug all bgp vnc",
    "Take a line back",
    "Debugging",
    "Of all daemons",
    "BGP",
    "Virtual network control",
)
def _no_vnc(call: Call) -> str:
    for switches in _kept(call):
        for topic in VNC_TOPICS:
            switches.pop(topic.words, None)
    call.changed(Effect.DEBUG, call.daemon)
    return "All possible VNC debugging has been turned off"


SCOPES = (DEBUG, _ONLY_ENABLE)
