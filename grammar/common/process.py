"""Lines about the running daemon: version, log, memory, its own file, and loading."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.release import version_text
from grammar.command import Call, Reply, action
from grammar.common.config import CommonConfig, LogTarget
from grammar.common.known import suggestions
from grammar.common.logging import LEVELS, level_of
from grammar.common.threads import show_thread_cpu, show_work_queues, types_of
from grammar.node import CONFIG, ENABLE, LINE_VTY, VIEW, Node
from grammar.scope import Scope
from grammar.session import TO_READ_ONLY

REPORTS = {
    "show memory": "memory",
    "show modules": "modules",
    "show thread poll": "thread poll",
    "show thread timers": "thread timers",
    "show history": "history",
    "who": "who",
}
"""Commands that the process answers, with the topic that it is asked for."""

HELP = """\
Press ? anywhere in a line to see what may be typed there.

Behind a blank, ? names each word that may follow; behind the beginning of a
word, it names the words that begin so (for instance 'show me?').
An empty answer means that nothing fits: go back and ask again.

"""


AUDIT = "show configuration audit [(1-1000)$count] [json$json]"
AUDIT_HELP = ("Show", "The configuration", "Who changed what", "The last ones", "JSON")


def process_scopes(config_nodes: tuple[Node, ...]) -> list[Scope]:
    """The scopes of these lines for a daemon with the given nodes below CONFIG."""
    anywhere = Scope((VIEW, ENABLE))
    privileged = Scope((ENABLE,))
    config = (CONFIG, *config_nodes, LINE_VTY)
    _facts(anywhere)
    _session(anywhere, Scope((VIEW, ENABLE, *config)))
    _monitoring(privileged)
    _privileged(privileged)
    _configuration(Scope((ENABLE, *config)), anywhere)
    _loading(anywhere)
    return [anywhere, privileged]


def _facts(scope: Scope) -> None:
    @action(scope, "show version", "Show", "Release and build")
    def version(call: Call) -> str:
        common = call.daemon.common
        return version_text(common.hostname or common.system_hostname, common.kernel_release)

    @action(scope, "show logging", "Show", "Where messages go")
    def logging(call: Call) -> Reply:
        return Reply(show_logging(call.daemon.common, call.daemon.language))

    @action(scope, "show logging filter-text", "Show", "Where messages go", "Their filters")
    def filters(call: Call) -> Reply:
        return Reply([f" {word}\n" for word in call.daemon.common.log_filters])

    help_ = "Show", "Kinds of errors by the number in the log", "One number", "All of them"

    @action(scope, "show error <(1-4294967295)$number|all$all> [json$json]", *help_, own=True)
    def errors(call: Call) -> None:
        """Log lines here carry no such numbers, so there is none to explain."""

    for notation, topic in REPORTS.items():
        _report(scope, notation, topic)
    typed = Scope((CONFIG,))
    scope.add(typed)
    _report(typed, "show history", "history")
    work_shows(scope)


def work_shows(scope: Scope) -> None:
    """Declare the shows of what a daemon's own work costs."""

    @action(scope, "show thread cpu [FILTER]", "Show", "Work and timers", "Time taken")
    def thread_cpu(call: Call) -> Reply:
        types = types_of(call.values.get("filter"))
        return Reply(show_thread_cpu(call.daemon.common.ledger, types))

    @action(scope, "show work-queues", "Show", "What waits to be done")
    def work_queues(call: Call) -> Reply:
        return Reply(show_work_queues(call.daemon.common.ledger))


def _report(scope: Scope, notation: str, topic: str) -> None:
    @action(scope, notation, own=notation == "who" or CONFIG in scope.nodes)
    def report(call: Call) -> Reply:
        return Reply(call.daemon.common.process.report(topic))


def show_logging(common: CommonConfig, language: Any) -> Iterator[str]:
    """The lines of `show logging`."""
    given = common.command_line
    syslog = common.log_syslog or given.get("syslog")
    stdout = common.log_stdout or given.get("stdout")
    file = common.log_file or given.get("file")
    facility = common.log_facility or "daemon"
    form = f"level {_level(syslog)}, facility {facility}, ident {language.name}"
    yield f"Syslog logging: {form if syslog else 'disabled'}\n"
    yield f"Stdout logging: {f'level {_level(stdout)}' if stdout else 'disabled'}\n"
    form = f"level {_level(file)}, filename {file.path}" if file else "disabled"
    yield f"File logging: {form}\n"
    if common.log_filtered is not None:
        target = common.log_filtered
        yield f"Filtered-file logging: level {_level(target)}, filename {target.path}\n"
    yield f"Protocol name: {language.tag}\n"
    yield f"Record priority: {'enabled' if common.log_record_priority else 'disabled'}\n"
    yield f"Timestamp precision: {common.log_precision or 0}\n"


def _level(target: LogTarget | None) -> str:
    return target.level.name.lower() if target is not None else ""


def _session(scope: Scope, everywhere: Scope) -> None:
    scope.add(everywhere)

    @action(scope, "terminal length (0-512)", "This terminal", own=True)
    def length(call: Call) -> None:
        """Answers here are not paged."""

    @action(scope, "terminal no length", "This terminal", own=True)
    def no_length(call: Call) -> None:
        """Answers here are not paged."""

    @action(scope, TO_READ_ONLY, "This terminal", "Look and change nothing", hidden=True, own=True)
    def read_only(call: Call) -> None:
        call.session.read_only = True

    @action(scope, "echo MESSAGE...", hidden=True, own=True)
    def echo(call: Call) -> str:
        text: str = call.values["message"]
        return text

    @action(everywhere, "autocomplete TYPE TEXT VARNAME", hidden=True, own=True)
    def autocomplete(call: Call) -> Reply:
        kind, values = call.values["type"], call.values
        number = int(kind) if kind.isdecimal() else 0
        found = suggestions(call.daemon, number, values["text"], values["varname"])
        return Reply([f"{word}\n" for word in found])

    @action(everywhere, "help", "How to use this", own=True)
    def help_(call: Call) -> str:
        return HELP


def _monitoring(scope: Scope) -> None:
    @action(scope, "terminal monitor [detach$detach]", own=True)
    def monitor(call: Call) -> Reply:
        """Log lines go to a descriptor that leaves with the answer; `detach`: even after the end
        of the session."""
        if not call.session.passes:
            return Reply(["% not supported\n"], Status.WARNING)
        common: CommonConfig = call.daemon.common
        call.session.unmonitor()
        live = common.process.monitor()
        if live is None:
            return Reply(["% failed to set up a log monitor\n"], Status.WARNING)
        call.session.hand_over(live, detached="detach" in call.values)
        return Reply()

    @action(scope, "no terminal monitor", own=True)
    def no_monitor(call: Call) -> None:
        call.session.unmonitor()

    @action(scope, "terminal no monitor", own=True)
    def monitor_no_more(call: Call) -> None:
        call.session.unmonitor()


def _privileged(scope: Scope) -> None:
    @action(scope, f"logmsg {LEVELS} MESSAGE...", "Write to the log", own=True)
    def logmsg(call: Call) -> None:
        common: CommonConfig = call.daemon.common
        common.process.log(level_of(call.values["level"]), call.values["message"])

    @action(scope, "clear log cmdline-targets")
    def clear_targets(call: Call) -> None:
        call.daemon.common.command_line.clear()
        call.daemon.common.process.log_changed()

    @action(scope, "clear thread cpu [FILTER]", "Reset", "Work and timers", "Time taken")
    def clear_cpu(call: Call) -> None:
        call.daemon.common.ledger.clear(types_of(call.values.get("filter")))

    hash_table_shows(scope)
    audit_shows(scope)

    @action(scope, "show startup-config", "Show", "The saved configuration")
    def startup(call: Call) -> Reply:
        return Reply(f"{line}\n" for line in call.daemon.common.process.saved())

    @action(scope, "copy running-config startup-config")
    def copy(call: Call) -> Reply:
        return _save(call)


def audit_shows(scope: Scope) -> None:
    """Declare `show configuration audit`, which is not named among FRR's lines."""

    @action(scope, AUDIT, *AUDIT_HELP, hidden=True, own=True)
    def audit(call: Call) -> Reply:
        from grammar.audit import table
        from grammar.output.jsonc import pretty

        entries = call.daemon.common.audit.last(call.values.get("count"))
        if "json" in call.values:
            return Reply([pretty([entry.as_json() for entry in entries]), "\n"])
        name = call.daemon.language.name
        return Reply(table((entry, name) for entry in entries))


def hash_table_shows(scope: Scope) -> None:
    """Declare `show debugging hashtable`."""

    @action(scope, "show debugging hashtable [statistics]", "Show", "State", "Tables", "Numbers")
    def hash_tables(call: Call) -> str:
        # A dict tells nobody how it is filled, so there is none to be counted.
        title = f"Showing hash table statistics for {call.daemon.language.tag}"
        return f"{title}\n{'-' * len(title)}\n# allocated: 0\n# named:     0\n\n"


def _configuration(scope: Scope, parent: Scope) -> None:
    parent.add(scope)

    @action(scope, "show running-config", "Show", "The configuration in force", own=True)
    def running(call: Call) -> Reply:
        return Reply(running_config(call))

    notation = "write [<file|memory|terminal>$where]"

    @action(scope, notation, "Save or print the configuration", own=True)
    def write(call: Call) -> Reply:
        if call.values.get("where") == "terminal":
            return Reply(running_config(call))
        return _save(call)


def running_config(call: Call) -> Iterator[str]:
    """The daemon's configuration as its own vty prints it: no frame, `!` between the parts."""
    last = "!"
    held: str | None = None
    for line in (*call.session.config_lines(), "!"):
        if held is not None:
            opens_block = line.startswith(" ") and not held.startswith(" ")
            if (opens_block or held == "!") and last != "!":
                yield "!\n"
            if held != "!":
                yield f"{held}\n"
            last = "!" if opens_block else held
            if held in ("exit", "exit-vrf"):
                yield "!\n"
                last = "!"
        held = line
    yield "!\n"


def _save(call: Call) -> Reply:
    process = call.daemon.common.process
    try:
        path = process.save(text.removesuffix("\n") for text in running_config(call))
    except FileNotFoundError:
        text = "Can't save to configuration file, using vtysh.\n"
        return Reply([text], Status.WARNING)
    except OSError as error:
        reason = f"Can't save configuration file {error.filename}: {error.strerror}."
        raise CommandError(reason) from None
    return Reply([f"Configuration saved to {path}\n"])


def _loading(parent: Scope) -> None:
    scope = Scope((CONFIG,))
    parent.add(scope)

    @action(scope, "XFRR_start_configuration", hidden=True)
    def start(call: Call) -> None:
        call.session.loading = True

    @action(scope, "XFRR_end_configuration", hidden=True)
    def end(call: Call) -> None:
        call.session.loading = False
