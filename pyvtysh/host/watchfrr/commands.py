"""watchfrr's language: few lines, and none that is printed."""

from collections.abc import Iterator

from grammar.base.errors import CommandError
from grammar.base.release import version_text
from grammar.command import Call, Reply, action
from grammar.common.logging import LEVELS, level_of
from grammar.common.process import hash_table_shows, work_shows
from grammar.declared import Language
from grammar.navigation import navigation
from grammar.node import CONFIG, ENABLE, VIEW
from grammar.scope import Scope

VIEWS = Scope((VIEW, ENABLE))
PRIVILEGED = Scope((ENABLE,))
EVERYWHERE = Scope((VIEW, ENABLE, CONFIG))
LOADING = Scope((CONFIG,))


@action(VIEWS, "show watchfrr", "Show", "The daemons that are watched")
def _show_watchfrr(call: Call) -> Reply:
    return Reply(call.daemon.state_lines())


@action(VIEWS, "show debugging [watchfrr]", "Show", "Switched-on debugging", "Of watchfrr")
def _show_debugging(call: Call) -> None:
    """There is none."""


@action(VIEWS, "show logging", "Show", "Where messages go")
def _show_logging(call: Call) -> str:
    return "Syslog logging: level informational, facility daemon, ident watchfrr\n"


@action(VIEWS, "show version", "Show", "Release and build")
def _show_version(call: Call) -> str:
    common = call.daemon.common
    text: str = version_text(common.hostname or common.system_hostname, common.kernel_release)
    return text


@action(VIEWS, "show memory", "Show", "Memory in use")
def _show_memory(call: Call) -> Reply:
    return Reply(call.daemon.common.process.report("memory"))


for _topic in ("modules", "thread poll", "thread timers"):

    @action(VIEWS, f"show {_topic}")
    def _show_topic(call: Call, topic: str = _topic) -> Reply:
        return Reply(call.daemon.common.process.report(topic))


work_shows(VIEWS)
hash_table_shows(PRIVILEGED)


@action(VIEWS, "who", "Who is connected", own=True)
def _who(call: Call) -> Reply:
    return Reply(call.daemon.common.process.report("who"))


@action(EVERYWHERE, "echo MESSAGE...", hidden=True, own=True)
def _echo(call: Call) -> str:
    return f"{call.values['message']}\n"


@action(LOADING, "XFRR_start_configuration", hidden=True)
def _start(call: Call) -> None:
    call.session.loading = True


@action(LOADING, "XFRR_end_configuration", hidden=True)
def _end(call: Call) -> None:
    call.session.loading = False


@action(EVERYWHERE, "terminal length (0-512)", "This terminal", own=True)
def _length(call: Call) -> None:
    """Answers here are not paged."""


for _line in ("terminal no length", "autocomplete TYPE TEXT VARNAME"):

    @action(EVERYWHERE, _line, hidden=True, own=True)
    def _nothing(call: Call) -> None:
        """FRR's vtysh asks all daemons for the values behind a `?`; none are watchfrr's."""


for _line in ("show startup-config", "show history", "copy running-config startup-config"):

    @action(PRIVILEGED, _line, own=True)
    def _empty(call: Call) -> None:
        """It has no file, and keeps no lines."""


@action(PRIVILEGED, f"logmsg {LEVELS} MESSAGE...", "Write to the log", own=True)
def _logmsg(call: Call) -> None:
    call.daemon.log.write(level_of(call.values["level"]), call.values["message"])


@action(PRIVILEGED, "show running-config", "Show", "The configuration in force", own=True)
def _running(call: Call) -> None:
    """There is nothing to print."""


@action(PRIVILEGED, "write [<file|memory|terminal>]", "Save or print the configuration", own=True)
def _write(call: Call) -> None:
    """There is nothing to save or print; vtysh asks for it with the files of all daemons."""


@action(PRIVILEGED, "write integrated", "Save", "The configuration of all daemons, in one file")
def _write_integrated(call: Call) -> Iterator[str] | Reply:
    if not call.daemon.all_up:
        raise CommandError("% Not all daemons are up, cannot write config.")
    if waiting := call.daemon.loading():
        names = ", ".join(waiting)
        raise CommandError(f"% frr.conf is being loaded into {names}, cannot write config.")
    return Reply(call.daemon.write_integrated())


@action(
    PRIVILEGED, "watchfrr ignore DAEMON", "The watch", "Leave it alone", "Its name", negatable=True
)
def _ignore(call: Call) -> str:
    name = call.values["daemon"]
    watched = call.daemon.watched.get(name)
    if watched is None:
        raise CommandError(f"{name} is not configured for running at the moment")
    watched.ignored = not call.negated
    if call.negated:
        call.daemon.watched_again(name)
    return f"{name} switching to {'ignore' if watched.ignored else 'watch'}\n"


LANGUAGE = Language(
    "watchfrr", "WATCHFRR", [navigation(()), EVERYWHERE, LOADING, VIEWS, PRIVILEGED]
)
