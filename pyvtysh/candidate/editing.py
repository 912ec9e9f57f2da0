"""A shell with a candidate: configuration goes into the draft, all else where it went before."""

from collections.abc import Iterator
from contextlib import contextmanager

from grammar.base.errors import CommandError, Status
from grammar.language.match import Match, split_words
from grammar.node import CONFIG, ENABLE
from pyvtysh import beyond
from pyvtysh.candidate.apply import ApplyError, running_text
from pyvtysh.candidate.commands import CANDIDATE
from pyvtysh.candidate.draft import Draft, Refusal
from pyvtysh.candidate.history import archive_of, lock_of
from pyvtysh.candidate.lock import LockedError
from pyvtysh.candidate.merge import difference, merged
from pyvtysh.candidate.tree import tree_of
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running
from pyvtysh.running import own_lines

KEPT = "% The candidate is kept until `commit` or `discard`; `configure private` goes on with it\n"
SHELL_SETTINGS = (
    *("hostname", "configured_hostname", "domainname", "integrated", "motd", "users"),
)
"""What lines of vtysh itself set."""

MEANWHILE = "% The running configuration has changed since; `rebase` takes that in\n"


class Editing:
    """The candidate of a shell.

    `base` is the running configuration at its beginning, as a draft prints it, and `found` as the
    daemons did. While it is `active`, what is typed goes into the draft.
    """

    node = CANDIDATE
    """Where its lines are declared."""

    def __init__(self, vtysh: Vtysh) -> None:
        """ApplyError when the running configuration cannot be read."""
        self.vtysh = vtysh
        self.own = vtysh.session
        self.lock = lock_of(vtysh)
        self.active = False
        self.start_anew()

    def start_anew(self) -> None:
        """The candidate is what runs, without a change."""
        self.found = running_text(self.vtysh)
        self.put(self.make(self.found))
        self.base = self.draft.text()

    def make(self, text: str) -> Draft:
        """A draft with a configuration that ran; what it does not know is left out."""
        draft, _ = self.read(text)
        return draft

    def read(self, text: str) -> tuple[Draft, list[Refusal]]:
        """A draft with the configuration of a text, and the lines that it does not take."""
        names = [name for name in self.vtysh.links if name != "watchfrr"]
        draft = Draft(names, self.vtysh.merged)
        return draft, list(draft.load(text.split("\n")))

    def put(self, draft: Draft) -> None:
        """Another draft is the candidate from now on."""
        self.draft = draft
        self._shell_lines = own_lines(draft.shell)
        self._follow()

    def normal(self, text: str) -> str:
        """A running configuration as a draft prints it."""
        return self.base if text == self.found else self.make(text).text()

    @property
    def shell_changed(self) -> bool:
        """Whether lines of the shell itself (`hostname`) were typed."""
        return own_lines(self.draft.shell) != self._shell_lines

    @property
    def changed(self) -> bool:
        """Whether the candidate is another than what ran when it began."""
        here = tree_of(self.draft.text())
        return self.shell_changed or here.keys() != tree_of(self.base).keys()

    def settle(self) -> None:
        """The shell's own lines are in force."""
        if self.shell_changed:
            for name in SHELL_SETTINGS:
                setattr(self.vtysh, name, getattr(self.draft.shell, name))
            self._shell_lines = own_lines(self.draft.shell)

    # In and out

    def enter(self) -> None:
        """What is typed goes into the draft from now on, from its config node."""
        self.active = True
        self.draft.go_up()
        self._follow()

    def _follow(self) -> None:
        if self.active:
            self.vtysh.session = self.draft.shell.session

    def suspend(self) -> None:
        """The shell is in its enable node again."""
        self.active = False
        self.vtysh.session = self.own

    def drop(self) -> None:
        """There is no candidate any more."""
        self.suspend()
        self.lock.release()
        self.vtysh.candidate = None

    @contextmanager
    def outside(self) -> Iterator[None]:
        """In the enable node for a moment, where the daemons are too."""
        was = self.active
        self.suspend()
        try:
            yield
        finally:
            if self.own.node.is_config:
                collect(self.vtysh.ask_all("end"))
                self.own.go(ENABLE)
            self.active = was
            self._follow()

    @property
    def prompt(self) -> str:
        """The part of the prompt that names the node: `(config-router*)`."""
        node = self.vtysh.node.prompt
        return f"{node[:-1]}*)" if node.endswith(")") else node

    def close(self) -> None:
        """The shell ends."""
        if self.changed:
            self.vtysh.say("% The candidate was not committed; its changes are gone\n")
        self.drop()

    # Lines

    def is_open(self) -> bool:
        """Whether lines come here; a shell that was put into its enable node has left."""
        if self.active and not self.vtysh.node.is_config:
            self.draft.shell.session.go(CONFIG)
            self.suspend()
        return self.active

    def execute(self, text: str, line: str) -> Running:
        """Run a line that is typed while the candidate is edited."""
        words = split_words(text)
        if words[0] == "do" and len(words) > 1:
            with self.outside():
                return (yield from self.vtysh.execute(text[2:].lstrip()))
        found = beyond.find(CANDIDATE, words)
        if isinstance(found, Match):
            return (yield from self.vtysh.run_own(found, text, self.own))
        shell = self.draft.shell
        self.draft.touched()
        status = yield from self._marked(shell.execute(line))
        self.draft.tell(self.vtysh.say)
        if not self.vtysh.node.is_config:
            yield from self._left()
        return status

    def _marked(self, running: Running) -> Running:
        """What a line gives; the word that is wrong is known ahead of the first text."""
        while True:
            try:
                text = next(running)
            except StopIteration as end:
                return int(end.value)
            self.vtysh.fault = self.draft.shell.fault
            yield text

    def _left(self) -> Running:
        self.draft.shell.session.go(CONFIG)
        if self.changed:
            self.suspend()
            yield KEPT
        else:
            self.drop()
        return Status.SUCCESS

    # What is asked of it

    def difference(self) -> str:
        """What a commit would change, and whether that is not the whole truth."""
        text = difference(self.base, self.draft.text())
        if self.shell_changed:
            now = own_lines(self.draft.shell)
            text += "".join(f"-{line}\n" for line in self._shell_lines if line not in now)
            text += "".join(f"+{line}\n" for line in now if line not in self._shell_lines)
        try:
            runs = running_text(self.vtysh)
        except ApplyError as error:
            return f"{text}{error}\n"
        return text + (MEANWHILE if tree_of(runs).keys() != tree_of(self.found).keys() else "")

    def discard(self) -> Running:
        """Forget the changes; outside, the candidate too."""
        if not self.active:
            self.drop()
            return Status.SUCCESS
        with self.outside():
            self.start_anew()
        self.draft.go_up()
        yield ""
        return Status.SUCCESS

    def rebase(self) -> Running:
        """The candidate's change becomes one of what runs now; where they meet, it wins."""
        with self.outside():
            runs = running_text(self.vtysh)
            now = self.normal(runs)
            both = merged(self.make, self.base, self.draft.text(), now)
            self.found, self.base = runs, now
            self.put(self.make(both.text))
        for conflict in both.conflicts:
            yield f"% {conflict}\n"
        return Status.SUCCESS

    def rollback(self, steps: int) -> Running:
        """The candidate becomes a former configuration."""
        commit = archive_of(self.vtysh).back(steps)
        if commit is None:
            yield f"% No configuration is kept of {steps} commits ago\n"
            return Status.CONFIG_FAILED
        draft, refused = self.read(commit.text)
        self.put(draft)
        for refusal in refused:
            yield f"% not taken: `{refusal.line.strip()}`: {refusal.why}\n"
        return Status.WARNING if refused else Status.SUCCESS


def check_place(vtysh: Vtysh) -> None:
    """CommandError amid `configure terminal`, where the daemons are not ready for more."""
    if vtysh.node.is_config and (vtysh.candidate is None or not vtysh.candidate.active):
        raise CommandError("% Leave `configure terminal` first (`end`)")


def begin(vtysh: Vtysh, *, exclusive: bool) -> Running:
    """`configure private|exclusive`: edit the candidate, a new one if there is none."""
    check_place(vtysh)
    try:
        editing = vtysh.candidate or Editing(vtysh)
        if exclusive:
            editing.lock.take("configure exclusive")
    except ApplyError as error:
        raise CommandError(str(error)) from None
    except LockedError as error:
        raise CommandError(f"% The configuration is locked by {error}") from None
    except OSError as error:
        raise CommandError(f"% {editing.lock.path}: {error.strerror}") from None
    vtysh.candidate = editing
    if not editing.active:
        editing.enter()
    with editing.outside():
        yield from pending_told(vtysh)
    return Status.SUCCESS


def pending_told(vtysh: Vtysh) -> Running:
    """What waits to be confirmed, and going on with it where that is left to this shell."""
    from pyvtysh.candidate.confirm import look_after  # which makes an `Editing` of its own

    try:
        return (yield from look_after(vtysh))
    except (ApplyError, CommandError) as error:
        yield f"{error}\n"
    except OSError as error:
        yield f"% {error.filename or ''}: {error.strerror}\n"
    return Status.WARNING
