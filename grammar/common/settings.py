"""Configuration lines that every daemon takes, in the order in which they print."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.command import Call, Flag, Reply, Setting, action, opens
from grammar.common.config import VERSION, CommonConfig
from grammar.common.extlog import extended_log
from grammar.common.logging import log_commands, log_lines
from grammar.common.password import sealed
from grammar.node import CONFIG, ENABLE, LINE_VTY
from grammar.scope import Block, Scope, Values

LONGEST_HOSTNAME = 255

PROFILES = ("traditional", "datacenter")
"""The sets of defaults that `frr defaults` knows."""

BANNERS = "/etc/frr/"
"""Where files of greetings may be."""

NORTHBOUND = (
    "callbacks configuration",
    "callbacks state",
    "callbacks rpc",
    "notifications",
    "events",
    "libyang",
)
"""The switches of `debug northbound`, as they print."""


def _common(daemon: Any, values: Values) -> CommonConfig:
    common: CommonConfig = daemon.common
    return common


def _objects(daemon: Any) -> Iterable[tuple[Values, Any]]:
    return [({}, daemon.common)]


def settings_scopes(
    own_debug: Iterable[Scope] = (),
    debug_all: Callable[[Call], object] | None = None,
    later_debug: Iterable[Scope] = (),
) -> list[Scope]:
    """The scopes of these lines, made anew for each language.

    `own_debug` are those of the daemon's own debugging, which print between two of them, and
    `later_debug` between two others;
    `debug_all` is what `debug all` does with it.
    """
    top = Scope((CONFIG,), _common, _objects)
    memory, debug = (Scope((ENABLE, CONFIG), _common, _objects) for _ in range(2))
    _header(top)
    _names(top)
    _passwords(top)
    log_lines(top)
    _services(top)
    _banner(top)
    _memory(memory)
    _debug(debug, debug_all)
    extended = extended_log(_common)
    return [top, memory, *own_debug, debug, *later_debug, extended, _line_vty(), _log_commands()]


def _header(scope: Scope) -> None:
    def header(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.version != VERSION:
            yield f"! loaded from {target.version}"
        yield f"frr version {VERSION}"
        yield f"frr defaults {target.profile}"
        yield "!"

    @action(scope, "frr defaults PROFILE...", "The suite itself", "Set of defaults", printer=header)
    def defaults(call: Call) -> None:
        profile = call.values["profile"]
        call.target().profile = profile  # printed even if unknown
        if profile not in PROFILES:
            text = f"% WARNING: profile {profile} is not known in this version"
            raise CommandError(text, Status.WARNING)

    @action(scope, "frr version VERSION...", "The suite itself", "Release that wrote these lines")
    def version(call: Call) -> None:
        call.target().version = call.values["version"]


def checked_hostname(name: str) -> str:
    """The name, if it may be this router's; CommandError."""
    if not (name[0].isascii() and name[0].isalnum()):
        raise CommandError("Please specify string starting with alphabet or number")
    if len(name) > LONGEST_HOSTNAME:
        raise CommandError(f"Hostname length should be less than {LONGEST_HOSTNAME} chars")
    return name


def _names(scope: Scope) -> None:
    def name(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.hostname:
            yield f"hostname {target.hostname}"

    def domain(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.domainname:
            yield f"domainname {target.domainname}"

    @action(scope, "hostname WORD", "Name of this router", printer=name)
    def hostname(call: Call) -> None:
        call.target().hostname = checked_hostname(call.values["word"])

    @action(scope, "no hostname [HOSTNAME]", "Name of this router")
    def no_hostname(call: Call) -> None:
        call.target().hostname = None

    @action(scope, "domainname WORD", "Domain of this router", printer=domain)
    def domainname(call: Call) -> None:
        name: str = call.values["word"]
        if not (name[0].isascii() and name[0].isalpha()):
            raise CommandError("Please specify string starting with alphabet")
        call.target().domainname = name

    @action(scope, "no domainname [DOMAINNAME]", "Domain of this router")
    def no_domainname(call: Call) -> None:
        call.target().domainname = None

    Flag(
        scope, "allow-reserved-ranges", "Take reserved addresses too", field="allow_reserved_ranges"
    )


def _passwords(scope: Scope) -> None:
    _password(scope, "password", "password")
    _password(scope, "enable password", "enable_password")


def _password(scope: Scope, words: str, field: str) -> None:
    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        stored = getattr(target, field)
        if stored is not None and (target.encrypt or not stored.startswith("8 ")):
            yield f"{words} {stored}"

    @action(scope, f"{words} [(8-8)$sealed] WORD$text", printer=printed)
    def password(call: Call) -> None:
        text = call.values["text"]
        target = call.target()
        if call.values.get("sealed") is not None:
            text = f"8 {text}"
        elif not (text[0].isascii() and text[0].isalnum()):
            raise CommandError("Please specify string starting with alphanumeric")
        elif target.encrypt:
            text = f"8 {sealed(text)}"
        setattr(target, field, text)

    @action(scope, f"no {words}")
    def no_password(call: Call) -> None:
        setattr(call.target(), field, None)


def _services(scope: Scope) -> None:
    Flag(scope, "service cputime-stats", field="cputime_stats", default=True)
    _warning(scope, "cputime")
    _warning(scope, "walltime")
    Flag(scope, "service advanced-vty", "Enable mode at once", field="advanced_vty")
    _encryption(scope)
    length = Setting(
        scope,
        "service terminal-length ![(0-512)$lines]",
        fields={"lines": "terminal_length"},
    )
    length.own = True


def _encryption(scope: Scope) -> None:
    def encrypted(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.encrypt:
            yield "service password-encryption"

    @action(scope, "service password-encryption", negatable=True, printer=encrypted)
    def encryption(call: Call) -> None:
        target = call.target()
        target.encrypt = None if call.negated else True
        if call.negated:
            return
        for field in ("password", "enable_password"):
            stored = getattr(target, field)
            if stored is not None and not stored.startswith("8 "):
                setattr(target, field, f"8 {sealed(stored)}")


def _warning(scope: Scope, kind: str) -> None:
    field = f"{kind}_warning"
    default = 5000

    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        value = getattr(target, field)
        if value is not None:
            yield f"service {kind}-warning {value}" if value else f"no service {kind}-warning"

    @action(
        scope,
        f"service {kind}-warning ![(1-4294967295)$limit]",
        negatable=True,
        printer=printed,
    )
    def warning(call: Call) -> None:
        # The typed number is in milliseconds, the stored and printed one in microseconds.
        limit = 0 if call.negated else call.values["limit"] * 1000
        setattr(call.target(), field, None if limit == default * 1000 else limit)


def _banner(scope: Scope) -> None:
    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.banner_path is not None:
            yield f"banner motd file {target.banner_path}"
        elif target.banner is not None:
            yield f"banner motd line {target.banner}" if target.banner else "no banner motd"

    @action(scope, "banner motd line LINE...", printer=printed)
    def banner(call: Call) -> None:
        call.target().banner = call.values["line"]
        call.target().banner_path = None

    @action(scope, "banner motd file FILE", own=True)
    def banner_file(call: Call) -> None:
        call.target().banner_path = _banner_path(call.values["file"])

    @action(scope, "banner motd default", own=True)
    def default(call: Call) -> None:
        call.target().banner = call.target().banner_path = None

    def end(target: CommonConfig, names: Values) -> Iterator[str]:
        yield "!"

    @action(scope, "no banner motd", printer=end, own=True)
    def no_banner(call: Call) -> None:
        call.target().banner, call.target().banner_path = "", None


def _banner_path(path: str) -> str:
    if not os.path.exists(path):
        raise CommandError(f"{path} does not exist", Status.NO_FILE)
    if not os.path.realpath(path).startswith(BANNERS):
        raise CommandError(f"{path} must be in {BANNERS}")
    return path


def _memory(scope: Scope) -> None:
    @action(scope, "debug unique-id UID backtrace", "Debugging", "A message", negatable=True)
    def unique_id(call: Call) -> Reply:
        """No message here is logged with a trace of calls: none is known, as FRR puts it."""
        return Reply([], Status.NOTHING_TODO)

    Flag(scope, "debug memstats-at-exit", "Debugging", field="debug_memstats")


def _debug(scope: Scope, debug_all: Callable[[Call], object] | None) -> None:
    Flag(scope, "debug vrf", "Debugging", "Virtual routing tables", field="debug_vrf")

    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        for switch in NORTHBOUND:
            if switch in target.debug_northbound:
                yield f"debug northbound {switch}"

    @action(
        scope,
        "debug northbound [<callbacks$topic [{configuration$a|state$b|rpc$c}]"
        "|notifications$topic|events$topic|libyang$topic>]",
        negatable=True,
        printer=printed,
    )
    def northbound(call: Call) -> None:
        _switch(call, _northbound_switches(call.values))

    @action(scope, "debug all", "Debugging", "What all daemons have", negatable=True)
    def everything(call: Call) -> None:
        _switch(call, NORTHBOUND)
        if debug_all is not None:
            debug_all(call)


def _switch(call: Call, words: Iterable[str]) -> None:
    # What is typed in the enable node is no configuration, and there is nothing to log.
    if call.session.node is ENABLE:
        return
    switches = call.target().debug_northbound
    change = switches.difference_update if call.negated else switches.update
    change(words)


def _northbound_switches(values: Values) -> list[str]:
    topic = values.get("topic")
    parts = [values[name] for name in ("a", "b", "c") if name in values]
    if topic is None:
        return list(NORTHBOUND)
    if topic != "callbacks":
        return [topic]
    return [f"callbacks {part}" for part in parts or ("configuration", "state", "rpc")]


def _line_vty() -> Scope:
    parent = Scope((CONFIG,), _common, _objects, closing=True)

    @opens(parent, "line vty", "A terminal line", "Virtual terminals", into=LINE_VTY)
    def line_vty(call: Call) -> CommonConfig:
        return _common(call.daemon, {})

    block = Block(
        (LINE_VTY,),
        objects=lambda common: [({}, common)],
        open_line=lambda names, common: "line vty",
        skip_empty=True,
    )
    parent.add(block)
    _access_class(block, "access-class", "Access-class", "access_class")
    _access_class(block, "ipv6 access-class", "IPv6 access-class", "ipv6_access_class")
    _exec_timeout(block)
    Flag(block, "login", "Ask for the password", field="login", default=True)
    return parent


def _log_commands() -> Scope:
    scope = Scope((CONFIG,), _common, _objects, closing=True)
    log_commands(scope)
    return scope


def _access_class(scope: Scope, words: str, title: str, field: str) -> None:
    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        if getattr(target, field) is not None:
            yield f"{words} {getattr(target, field)}"

    @action(scope, f"{words} ![WORD$name]", negatable=True, printer=printed)
    def access_class(call: Call) -> None:
        target, name = call.target(), call.values.get("name")
        applied = getattr(target, field)
        if call.negated and (applied is None or name not in (None, applied)):
            raise CommandError(f"{title} is not currently applied to vty")
        setattr(target, field, None if call.negated else name)


def _exec_timeout(scope: Scope) -> None:
    def printed(target: CommonConfig, names: Values) -> Iterator[str]:
        if target.exec_timeout is not None:
            minutes, seconds = target.exec_timeout
            yield f"exec-timeout {minutes} {seconds}"

    @action(scope, "exec-timeout (0-35791)$minutes [(0-2147483)$seconds]", printer=printed)
    def exec_timeout(call: Call) -> None:
        wanted = divmod(call.values["minutes"] * 60 + call.values.get("seconds", 0), 60)
        call.target().exec_timeout = None if wanted == (10, 0) else wanted

    @action(scope, "no exec-timeout")
    def no_exec_timeout(call: Call) -> None:
        call.target().exec_timeout = (0, 0)
