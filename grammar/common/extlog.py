"""`log extended-syslog NAME`: log targets of a newer kind, with a node of their own.

They are kept and printed, and nothing is written to them: FRR 8.4.4 itself ends when the node of
one that has a destination is left.
"""

import grp
import os
import pwd
from collections.abc import Callable, Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.command import Call, Reply, action, opens
from grammar.common.config import ExtendedLog
from grammar.common.logging import FACILITIES, LEVELS
from grammar.node import CONFIG, Node
from grammar.scope import Block, Scope, Values

EXTENDED_LOG = Node("extended", "(config-ext-log)", 12, CONFIG)

_FORMATS = "format <rfc3164|rfc5424|local-syslogd|journald>$format"
_APPLIED = "% Changes will be applied when exiting this config block\n"
_STRUCTURED = {
    "code-location": False,
    "version": False,
    "unique-id": True,
    "error-category": True,
    "format-args": False,
}
"""What a line of log may say beside its text, in FRR's order, and whether it does by default."""


def extended_log(find: Callable[[Any, Values], Any]) -> Scope:
    """The scope of these lines; `find(daemon, {})` gives its `CommonConfig`."""
    parent = Scope((CONFIG,), find)

    @opens(parent, "log extended-syslog EXTLOGNAME$name", into=EXTENDED_LOG, own=True)
    def enter(call: Call) -> ExtendedLog:
        known: dict[str, ExtendedLog] = call.target().log_extended
        return known.setdefault(call.values["name"], ExtendedLog(call.values["name"]))

    @action(parent, "no log extended-syslog EXTLOGNAME$name", own=True)
    def forget(call: Call) -> None:
        name = call.values["name"]
        if call.target().log_extended.pop(name, None) is None:
            text = f'% No extended syslog target named "{name}"'
            raise CommandError(text, Status.WARNING)

    block = Block(
        (EXTENDED_LOG,),
        objects=lambda daemon: (
            ({}, log) for _, log in sorted(find(daemon, {}).log_extended.items())
        ),
        open_line=lambda names, log: f"log extended {log.name}",
        close_line="!",
    )
    parent.add(block)
    _destinations(block)
    _contents(block)
    _structured(block)
    _timestamps(block)
    return parent


# --- where to -----------------------------------------------------------------------------------


def _set(call: Call, words: str, default: str, warning: str = "") -> Reply | None:
    log: ExtendedLog = call.target()
    if call.negated:
        log.destination = None
        return None
    style = call.values.get("format", default)
    log.destination = words if style == default else f"{words} format {style}"
    return Reply([warning + _APPLIED])


def _destinations(scope: Scope) -> None:
    def printed(log: ExtendedLog, names: Values) -> Iterator[str]:
        if log.destination is None:
            yield "! no destination configured"
        else:
            yield f"destination {log.destination}"

    options = "[create$create [{user WORD$user|group WORD$group|mode PERMS$mode}]|no-create$refuse]"

    @action(
        scope,
        f"destination file PATH$path {options} [{_FORMATS}]",
        negatable=True,
        own=True,
        printer=printed,
    )
    def to_file(call: Call) -> Reply | None:
        return _to_file(call)

    @action(scope, f"destination unix PATH$path [{_FORMATS}]", negatable=True, own=True)
    def to_socket(call: Call) -> Reply | None:
        # FRR has no default here: what is not said prints too.
        words = f"unix {call.values['path']}"
        if call.values.get("format") is None:
            words += " format rfc5424"
        return _set(call, words, "")

    @action(scope, "destination journald", negatable=True, own=True)
    def to_journal(call: Call) -> Reply | None:
        return _set(call, "journald", "")

    @action(scope, "destination syslog [supports-rfc5424$new]", negatable=True, own=True)
    def to_syslog(call: Call) -> Reply | None:
        return _set(call, "syslog supports-rfc5424" if "new" in call.values else "syslog", "")

    @action(
        scope,
        "destination <fd$fd <(0-63)$number|envvar WORD$variable>|stdout$out|stderr$err>"
        f" [{_FORMATS}]",
        negatable=True,
        own=True,
    )
    def to_descriptor(call: Call) -> Reply | None:
        return _to_descriptor(call)


def _to_file(call: Call) -> Reply | None:
    values = call.values
    words, warning = f"file {values['path']}", ""
    if call.negated:
        return _set(call, words, "")
    if "mode" in values and not _is_mode(values["mode"]):
        text = f'% Invalid permissions value "{values["mode"]}"'
        raise CommandError(text, Status.WARNING)
    if "refuse" in values:
        words += " no-create"
    if "user" in values or "group" in values:
        words += " create"
    for what, look, part in (("user", pwd.getpwnam, "owner"), ("group", grp.getgrnam, "group")):
        name = values.get(what)
        if name is None:
            continue
        words += f" {what} {name}"
        if not _known(look, name):
            warning += (
                f'% Could not look up {what} "{name}" (No entry by this {what} name),'
                f" file {part} will be left untouched!\n"
            )
    return _set(call, words, "rfc5424", warning)


def _known(look: Callable[[str], object], name: str) -> bool:
    try:
        look(name)
    except KeyError:
        return False
    return True


def _is_mode(text: str) -> bool:
    """Reading and writing alone; what was typed never prints (FRR)."""
    try:
        number = int(text, 8)
    except ValueError:
        return False
    return number > 0 and not number & ~0o666


def _to_descriptor(call: Call) -> Reply | None:
    values = call.values
    if "fd" not in values:
        return _set(call, "stdout" if "out" in values else "stderr", "rfc5424")
    warning, number = "", values.get("number")
    words = f"fd {number}"
    if number is None:
        variable = values["variable"]
        words, number = f"fd envvar {variable}", -1
        text = os.environ.get(variable, "")
        if text.isascii() and text.isdigit():
            number = int(text)
        else:
            warning = f'% environment variable "{variable}" not present or invalid.\n'
    # None of ours is handed descriptors when it starts.
    warning += (
        f"% file descriptor {number} was not open when this process was started\n"
        "% configuration will be saved but has no effect currently\n"
    )
    return _set(call, words, "rfc5424", warning)


# --- what, and when -----------------------------------------------------------------------------


def _contents(scope: Scope) -> None:
    def level(log: ExtendedLog, names: Values) -> Iterator[str]:
        if log.level is not None:
            yield f"priority {log.level}"

    def facility(log: ExtendedLog, names: Values) -> Iterator[str]:
        if log.facility is not None:
            yield f"facility {log.facility}"

    @action(scope, f"priority {LEVELS}", negatable=True, own=True, printer=level)
    def set_level(call: Call) -> None:
        word = call.values["level"]
        call.target().level = None if call.negated or word == "debugging" else word

    @action(scope, f"facility {FACILITIES}", negatable=True, own=True, printer=facility)
    def set_facility(call: Call) -> None:
        word = call.values["facility"]
        call.target().facility = None if call.negated or word == "daemon" else word


def _structured(scope: Scope) -> None:
    def printed(log: ExtendedLog, names: Values) -> Iterator[str]:
        for word in _STRUCTURED:
            if word in log.structured:
                yield f"{'' if log.structured[word] else 'no '}structured-data {word}"

    words = "|".join(_STRUCTURED)

    @action(scope, f"structured-data <{words}>$word", negatable=True, own=True, printer=printed)
    def set_structured(call: Call) -> None:
        word, wanted = call.values["word"], not call.negated
        known: dict[str, bool] = call.target().structured
        known.pop(word, None)
        if wanted is not _STRUCTURED[word]:
            known[word] = wanted


def _timestamps(scope: Scope) -> None:
    def precision(log: ExtendedLog, names: Values) -> Iterator[str]:
        if log.precision is not None:
            yield f"timestamp precision {log.precision}"

    def local(log: ExtendedLog, names: Values) -> Iterator[str]:
        if log.local_time:
            yield "timestamp local-time"

    @action(scope, "timestamp precision (0-9)$digits", negatable=True, own=True, printer=precision)
    def set_precision(call: Call) -> None:
        digits = call.values["digits"]
        call.target().precision = None if call.negated or digits == 6 else digits

    @action(scope, "timestamp local-time", negatable=True, own=True, printer=local)
    def set_local(call: Call) -> None:
        call.target().local_time = not call.negated
