"""The `log ...` lines: targets with their levels, and the form of the messages."""

import os
from collections.abc import Iterator
from dataclasses import replace

from grammar.base.errors import CommandError, Status
from grammar.base.log import Level
from grammar.command import Answer, Call, Flag, Reply, Setting, action
from grammar.common.config import CommonConfig, LogTarget
from grammar.scope import Scope, Values

LEVELS = "<emergencies|alerts|critical|errors|warnings|notifications|informational|debugging>$level"
FACILITIES = (
    "<kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron"
    "|local0|local1|local2|local3|local4|local5|local6|local7>$facility"
)


def log_lines(scope: Scope) -> None:
    """Add these lines to a scope whose objects are `CommonConfig`."""
    _file(scope, "file", "log_file")
    _file(scope, "filtered-file", "log_filtered")
    _stdout(scope)
    _syslog(scope)
    _setting(scope, "log facility ![" + FACILITIES + "]", "log_facility", "facility", "daemon")
    Flag(scope, "log record-priority", field="log_record_priority")
    _setting(scope, "log timestamp precision ![(0-6)$digits]", "log_precision", "digits", 0)
    Flag(scope, "log error-category", field="log_error_category", default=True)
    Flag(scope, "log unique-id", field="log_unique_id", default=True)
    _filters(scope)
    _unprinted(scope)


def log_commands(scope: Scope) -> None:
    """Add the line that prints behind all others."""
    Flag(scope, "log commands", field="log_commands", check=_always)


class _Plain(Setting):
    """A setting whose `default` is not kept."""

    default: object = None

    def run(self, call: Call) -> Answer:
        values = {name: value for name, value in call.values.items() if value != self.default}
        return super().run(replace(call, values=values))


def _setting(scope: Scope, notation: str, field: str, variable: str, default: object) -> None:
    _Plain(scope, notation, fields={variable: field}).default = default


def _always(call: Call, common: CommonConfig) -> None:
    if call.negated and common.log_commands_always:
        text = "Daemon started with permanent logging turned on for commands, ignoring"
        raise CommandError(text, Status.SUCCESS)


def level_of(word: str | None) -> Level:
    """The level a keyword names; without one, debugging."""
    return Level[word.upper()] if word else Level.DEBUGGING


def set_target(call: Call, field: str, target: LogTarget | None) -> None:
    """Store a target and let the process follow.

    When its file cannot be opened the line is refused and still kept, as FRR does: the file is
    tried again when the log is reopened.
    """
    common: CommonConfig = call.target()
    setattr(common, field, target)
    try:
        common.process.log_changed()
    except OSError as error:
        path = target.path if target is not None else None
        if path is not None and error.filename in (None, path, os.path.abspath(path)):
            raise CommandError(f"can't open logfile {path}") from None


def _suffix(target: LogTarget) -> str:
    return "" if target.level is Level.DEBUGGING else f" {target.level.name.lower()}"


def _absolute(path: str) -> str:
    return path if path.startswith("/") else f"{os.getcwd()}/{path}"


def _file(scope: Scope, word: str, field: str) -> None:
    def printed(common: CommonConfig, names: Values) -> Iterator[str]:
        target = getattr(common, field)
        if target is not None:
            yield f"log {word} {_absolute(target.path)}{_suffix(target)}"

    @action(scope, f"log {word} FILENAME [{LEVELS}]", "Logging", "A file", printer=printed)
    def log_file(call: Call) -> None:
        target = LogTarget(level_of(call.values.get("level")), call.values["filename"])
        set_target(call, field, target)

    @action(scope, f"no log {word} [FILENAME [LEVEL]]", "Logging", "A file")
    def no_log_file(call: Call) -> None:
        set_target(call, field, None)


def _stdout(scope: Scope) -> None:
    def printed(common: CommonConfig, names: Values) -> Iterator[str]:
        if common.log_stdout is not None:
            yield f"log stdout{_suffix(common.log_stdout)}"

    @action(scope, f"log stdout [{LEVELS}]", negatable=True, printer=printed)
    def log_stdout(call: Call) -> None:
        level = level_of(call.values.get("level"))
        set_target(call, "log_stdout", None if call.negated else LogTarget(level))


def _syslog(scope: Scope) -> None:
    def printed(common: CommonConfig, names: Values) -> Iterator[str]:
        if common.log_syslog is not None:
            yield f"log syslog{_suffix(common.log_syslog)}"

    @action(scope, f"log syslog [{LEVELS}]", printer=printed)
    def log_syslog(call: Call) -> None:
        set_target(call, "log_syslog", LogTarget(level_of(call.values.get("level"))))

    @action(scope, f"no log syslog [{FACILITIES}] [{LEVELS}]")
    def no_log_syslog(call: Call) -> None:
        set_target(call, "log_syslog", None)


def _filters(scope: Scope) -> None:
    @action(scope, "log filter-text WORD$text", negatable=True)
    def log_filter(call: Call) -> Reply:
        filters = call.target().log_filters
        text = call.values["text"]
        if not call.negated:
            filters[text] = None
        elif filters.pop(text, text) is not None:
            return Reply(["% failed to remove log filter\n"], Status.WARNING)
        return Reply([f" {text}\n"])

    @action(scope, "clear log filter-text")
    def clear_filters(call: Call) -> None:
        call.target().log_filters.clear()


def _unprinted(scope: Scope) -> None:
    @action(scope, "log immediate-mode", negatable=True)
    def immediate(call: Call) -> None:
        call.target().log_immediate = None if call.negated else True

    @action(scope, f"log monitor [{LEVELS}]", negatable=True, hidden=True)
    def monitor(call: Call) -> Reply:
        deprecated = '% "log monitor" is deprecated and does nothing.\n'
        return Reply() if call.negated else Reply([deprecated])
