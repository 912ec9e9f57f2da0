"""The commands that vtysh answers itself, or hands to all daemons in a way of its own."""

import os
from collections.abc import Iterator
from itertools import chain

from grammar.base.errors import CommandError, Status
from grammar.base.release import version_text
from grammar.call import Call, Reply
from grammar.command import Action, Command, action
from grammar.common.settings import checked_hostname
from grammar.declared import Language
from grammar.node import CONFIG, ENABLE, VIEW, Node
from grammar.scope import Scope
from pyvtysh import running
from pyvtysh.dispatch import Vtysh, texts_of
from pyvtysh.headlines import HASH_TABLES, HEADLINES
from pyvtysh.link import Running
from pyvtysh.marking import PASSWORD_GOES
from pyvtysh.monitoring import monitoring

DAEMONS = (
    "<zebra|bgpd|ripd|ripngd|ospfd|ospf6d|isisd|fabricd|nhrpd|ldpd|babeld|eigrpd|pimd|pim6d"
    "|pbrd|staticd|bfdd|vrrpd|pathd>$daemon"
)
TOP = Scope((VIEW, ENABLE))
PRIVILEGED = Scope((ENABLE,))
CONFIGURE = Scope((CONFIG,))
PAGING = Scope((VIEW, ENABLE, CONFIG))


def _vtysh(call: Call) -> Vtysh:
    vtysh: Vtysh = call.daemon
    return vtysh


# Moving


@action(TOP, "enable", "Turn on privileged mode")
def _enable(call: Call) -> Running:
    if _vtysh(call).user_mode:
        raise CommandError("% Unknown command: enable", Status.NO_MATCH)
    call.session.go(ENABLE)
    return _vtysh(call).ask_all("enable")


@action(PRIVILEGED, "disable", "Turn off privileged mode")
def _disable(call: Call) -> Running:
    call.session.go(VIEW)
    return _vtysh(call).ask_all("disable")


@action(PRIVILEGED, "configure [terminal]", "Change the configuration", "From this terminal")
def _configure(call: Call) -> Running:
    call.session.go(CONFIG)
    status = yield from _vtysh(call).ask_all(call.line)
    if status == Status.READ_ONLY:
        call.session.go(ENABLE)
    return status


def _end(call: Call) -> Running:
    call.session.go(ENABLE)
    return _vtysh(call).ask_all("end")


def _exit(call: Call) -> Running:
    return _vtysh(call).leave()


def _moves(node: Node) -> Scope:
    """The lines that every node has: those that leave it and those that list it."""
    scope = Scope((node,))
    for word in ("exit", "quit", *node.exits):
        Action(scope, word, "Leave this mode for the one above", run=_exit)
    if node is not VIEW:
        Action(scope, "end", "Back to enable mode", run=_end)
        help_ = "Name all commands", "In every form"
        Action(scope, "list [permutations$all]", *help_, run=_list)
        Action(scope, "find REGEX...", "Look for commands", "A regular expression", run=_find)
    return scope


class VtyshLanguage(Language):
    """vtysh's own commands; every node, of whatever daemon, has those that leave and list it."""

    def of_node(self, node: Node) -> list[Command]:
        """The commands of a node."""
        return [*super().of_node(node), *_moves(node).commands()]

    def notations(self) -> Iterator[str]:
        """Every notation, for the cache of compiled ones."""
        yield from super().notations()
        for command in _moves(ENABLE).commands():
            yield from command.notations()


# About vtysh and the router


@action(TOP, "show version", "Show", "Release and build")
def _show_version(call: Call) -> str:
    return version_text(_vtysh(call).hostname, os.uname().release)


@action(TOP, "show daemons", "Show", "Daemons that run")
def _show_daemons(call: Call) -> str:
    return "".join(f" {name}" for name in _vtysh(call).links) + "\n"


@action(TOP, "show history", "Show", "Lines typed before")
def _show_history(call: Call) -> Reply:
    return Reply(f"{line}\n" for line in _vtysh(call).history)


@action(PRIVILEGED, "show startup-config", "Show", "The saved configuration")
def _show_startup_config(call: Call) -> Reply:
    lines = running.read_lines(running.integrated_path(_vtysh(call)))
    return Reply(f"{line}\n" for line in lines)


def _list(call: Call) -> Reply:
    from grammar.listing import listed, permutations

    node = call.session.node
    if "all" in call.values:
        return Reply(permutations(_vtysh(call).merged.graph(node)))
    return Reply(listed(_shown(call, node)))


def _shown(call: Call, node: Node) -> list[Command]:
    routes = _vtysh(call).merged.routes(node)
    return [r.command for r in routes if not r.command.hidden and node in r.command.nodes]


def _find(call: Call) -> Reply:
    from grammar.listing import found

    merged = _vtysh(call).merged
    nodes = {node for language in merged.languages.values() for node in language.nodes()}
    nodes |= merged.own.nodes()
    ordered = sorted(nodes, key=lambda node: node.number)
    return Reply(found(call.values["regex"], ((node, _shown(call, node)) for node in ordered)))


# The configuration


@action(
    PRIVILEGED,
    f"show running-config [{DAEMONS}] [no-header$no_header]",
    "Show",
    "The configuration in force",
)
def _show_running_config(call: Call) -> str:
    return _running(call)


@action(PRIVILEGED, f"write terminal [{DAEMONS}] [no-header$no_header]", "Write", "To here")
def _write_terminal(call: Call) -> str:
    return _running(call)


def _running(call: Call) -> str:
    header = "no_header" not in call.values
    vtysh = _vtysh(call)
    return vtysh.printable(running.running_config(vtysh, call.values.get("daemon"), header=header))


@action(PRIVILEGED, "write [<memory|file>]", "Save the configuration")
def _write(call: Call) -> Running:
    return running.write(_vtysh(call))


@action(PRIVILEGED, "write integrated", "Save the configuration", "In one file")
def _write_integrated(call: Call) -> Running:
    return _vtysh(call).ask_owners(["watchfrr"], "do write integrated")


@action(PRIVILEGED, "copy running-config startup-config", "Copy", "What is in force")
def _copy_running(call: Call) -> Running:
    return running.write(_vtysh(call))


@action(PRIVILEGED, "copy FILENAME running-config", "Copy", "A file", "Into what is in force")
def _copy_file(call: Call) -> Running:
    from pyvtysh.loading import load_file

    return load_file(_vtysh(call), call.values["filename"], lock_it=False)


# Asking every daemon


def _each(call: Call, headline: str | None, line: str, only: str | None = None) -> Iterator[str]:
    vtysh = _vtysh(call)
    names = [name for name in vtysh.links if only in (None, name)]
    asked = line if vtysh.node is VIEW else f"do {line}"
    for name, text in texts_of(vtysh, asked, names):
        if headline is not None:
            yield headline.format(name) + "\n"
        yield text
        yield "\n"


@action(TOP, "show debugging", "Show", "What is debugged")
def _show_debugging(call: Call) -> Reply:
    return Reply(_each(call, None, "show debugging"))


@action(TOP, "show error <(1-4294967296)$number|all$all> [json$json]", "Show", "Kinds of errors")
def _show_error(call: Call) -> Reply:
    return Reply(_each(call, None, call.line.removeprefix("do ")))


def _ask_each(notation: str, headline: str) -> None:
    @action(TOP, notation)
    def ask(call: Call) -> Reply:
        return Reply(_each(call, headline, call.line.removeprefix("do ")))


for _notation, _headline in HEADLINES.items():
    _ask_each(_notation, _headline)


@action(PRIVILEGED, "show debugging hashtable [statistics]")
def _show_hash_tables(call: Call) -> Reply:
    line = call.line.removeprefix("do ")
    return Reply(chain([HASH_TABLES], _each(call, "Hashtable statistics for {}:", line)))


@action(TOP, f"show memory {DAEMONS}")
def _show_memory_of(call: Call) -> Running:
    return _ask_one(call, "show memory")


@action(TOP, f"show work-queues {DAEMONS}")
def _show_work_queues_of(call: Call) -> Running:
    return _ask_one(call, "show work-queues")


for _notation in (
    "show yang module [module-translator WORD]",
    "show yang module [module-translator WORD] WORD$name <compiled|summary|tree|yang|yin>",
    "show yang operational-data XPATH [{format <json|xml>|translate WORD|with-config}]",
    "show configuration running [<json|xml> [translate WORD]] [with-defaults]",
):

    @action(TOP, f"{_notation} {DAEMONS}")
    def _of_one(call: Call) -> Running:
        line, _, _ = call.line.removeprefix("do ").rpartition(" ")
        return _ask_one(call, line)


def _ask_one(call: Call, line: str) -> Running:
    vtysh = _vtysh(call)
    return vtysh.told(call.values["daemon"], line if vtysh.node is VIEW else f"do {line}")


# The terminal


@action(PAGING, "terminal paginate", "This terminal", "Page long answers", negatable=True)
def _terminal_paginate(call: Call) -> None:
    _vtysh(call).paginate = not call.negated


@action(TOP, "terminal length (0-4294967295)$lines", "This terminal", "Lines", negatable=True)
def _terminal_length(call: Call) -> Reply:
    vtysh = _vtysh(call)
    if not call.negated and call.values["lines"] == 0:
        vtysh.paginate = False
        return Reply()
    return Reply(
        [
            '% The "terminal length" command is deprecated and its value is ignored.\n'
            '% Please use "terminal paginate" instead with OS TTY length handling.\n'
        ]
    )


monitoring(TOP, DAEMONS)


@action(PRIVILEGED, "output file FILE", "Where answers go", "A file")
def _output_file(call: Call) -> None:
    _vtysh(call).output_path = call.values["file"]


@action(PRIVILEGED, "no output file [FILE]", "Where answers go", "A file")
def _no_output_file(call: Call) -> None:
    _vtysh(call).output_path = None


def _program(notation: str, argv: tuple[str, ...]) -> None:
    @action(TOP, notation)
    def run(call: Call) -> Reply:
        import subprocess

        try:
            subprocess.run([*argv, call.values["target"]], check=False)  # noqa: S603  # nosec B603
        except OSError as error:
            raise CommandError(f"Can't execute {argv[0]}: {error.strerror}") from None
        return Reply()


for _name in ("ping", "traceroute"):
    _program(f"{_name} WORD$target", (_name, "--"))
    _program(f"{_name} ip WORD$target", (_name, "-4", "--"))
    _program(f"{_name} ipv6 WORD$target", (_name, "-6", "--"))


# Configuration of vtysh itself


@action(CONFIGURE, "hostname WORD", "Name of this router")
def _hostname(call: Call) -> None:
    vtysh = _vtysh(call)
    vtysh.hostname = vtysh.configured_hostname = checked_hostname(call.values["word"])


@action(CONFIGURE, "no hostname [HOSTNAME]", "Name of this router")
def _no_hostname(call: Call) -> None:
    vtysh = _vtysh(call)
    vtysh.hostname, vtysh.configured_hostname = "", None


@action(CONFIGURE, "domainname WORD", "Domain of this router")
def _domainname(call: Call) -> None:
    _vtysh(call).domainname = call.values["word"]


@action(CONFIGURE, "no domainname [DOMAINNAME]", "Domain of this router")
def _no_domainname(call: Call) -> None:
    _vtysh(call).domainname = None


def _no_password(notation: str) -> None:
    @action(CONFIGURE, notation, "Take it back")
    def no_password(call: Call) -> Running:
        yield PASSWORD_GOES
        vtysh = _vtysh(call)
        return (yield from vtysh.ask_owners(list(vtysh.links), call.line))


_no_password("no password")
_no_password("no enable password")


@action(CONFIGURE, "service integrated-vtysh-config", "One file for all", negatable=True)
def _integrated(call: Call) -> None:
    _vtysh(call).integrated = not call.negated


@action(CONFIGURE, "username WORD nopassword", "A user of vtysh", "Its name", "No password asked")
def _username(call: Call) -> None:
    """Users are the system's here; the line is kept and printed."""
    users = _vtysh(call).users
    if call.values["word"] not in users:
        users.append(call.values["word"])


@action(CONFIGURE, "banner motd line LINE...", "Words of greeting")
def _banner_line(call: Call) -> None:
    _vtysh(call).motd = call.values["line"] + "\n"


@action(CONFIGURE, "banner motd file FILE", "Words of greeting")
def _banner_file(call: Call) -> None:
    path = call.values["file"]
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            _vtysh(call).motd = file.read()
    except OSError:
        raise CommandError("", Status.NO_FILE) from None  # without a word, as FRR


@action(CONFIGURE, "agentx", "The master agent of SNMP", negatable=True)
def _agentx(call: Call) -> Running:
    """No daemon here knows it: FRR's do with their module for SNMP."""
    status = yield from _vtysh(call).ask_owners(list(_vtysh(call).links), call.line)
    return Status.CONFIG_FAILED if status == Status.NO_MATCH else status  # it has been said


@action(PAGING, "debug unique-id UID backtrace", "Debugging", "A message", negatable=True)
def _debug_unique_id(call: Call) -> Running:
    vtysh, uid = _vtysh(call), call.values["uid"]
    known = False
    for name in list(vtysh.links):
        known |= (yield from vtysh.ask(name, call.line)) == Status.SUCCESS
    if not known:
        yield f"% no running daemon recognizes unique-ID {uid}\n"
    return Status.SUCCESS


LANGUAGE = VtyshLanguage("vtysh", "VTYSH", [TOP, PRIVILEGED, CONFIGURE, PAGING])
"""vtysh's own commands."""
