"""Commands, each declared once: syntax, help, what it changes, and the line it prints as.

    PEER = Fragment("neighbor <A.B.C.D|X:X::X:X|WORD>$peer", "A BGP peer", "its address", ...)
    passive = Flag(NEIGHBOR, PEER + "passive", "wait for the peer to connect",
                   field="passive", effect=Effect.RESET)
    timers = Setting(NEIGHBOR, PEER + "timers (0-65535)$keepalive (0-65535)$hold", ...,
                     fields=("keepalive", "hold"), effect=Effect.TIMERS)
    network = Entries(FAMILY, "network A.B.C.D/M$prefix", ..., into="networks", key="prefix",
                      item=Network, effect=Effect.ORIGINATE)

    @show(SHOW, "show bgp summary [json$json]", "help of each token", ...)
    def show_bgp_summary(bgpd, json=None): return views.summary(bgpd)

Effects are members of an enum of the package that declares the command; the daemon's `react`
gets them with the object that changed (style: "Effects are data").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property, partial
from typing import Any, ClassVar

from grammar.base.errors import CommandError
from grammar.call import Answer as Answer
from grammar.call import Call as Call
from grammar.call import Change as Change
from grammar.call import Fragment as Fragment
from grammar.call import Reply as Reply
from grammar.call import View as View
from grammar.call import fragment as fragment
from grammar.node import Node
from grammar.scope import Scope, Values


class Command:
    """A line of the language: its notation and what running it does.

    `negatable`: the line is taken with `no` before it too. `hidden`: works, is never listed.
    `own`: for a daemon's own vty only; vtysh does not pass it on. `alias`: further spellings that
    parse and never print. Subclasses override `run`, and `lines` if they print (`prints`).
    """

    negatable: ClassVar[bool] = False

    def __init__(
        self,
        scope: Scope,
        notation: Fragment | str,
        *help: str,
        hidden: bool = False,
        own: bool = False,
        alias: tuple[str, ...] = (),
    ) -> None:
        text = notation if isinstance(notation, Fragment) else Fragment(notation)
        self.scope = scope
        self.notation = text.notation
        self.help = text.help + help
        self.hidden = hidden or scope.added
        self.own = own
        self.alias = alias
        self.prints = type(self).lines is not Command.lines
        scope.add(self)

    @cached_property
    def tree(self) -> Any:
        """The compiled notation (`grammar.language.tokens.Sequence`)."""
        from grammar.language.notation import compile_notation

        return compile_notation(self.notation)

    def notations(self) -> Iterator[str]:
        """Every notation this command is matched by."""
        yield self.notation
        yield from self.alias

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes in which the command is listed."""
        return self.scope.nodes

    def run(self, call: Call) -> Answer:
        """Carry the line out; `CommandError` refuses it with nothing changed."""
        raise NotImplementedError

    def lines(self, target: Any, names: Values) -> Iterator[str]:
        """What the configuration of `target` prints of this command; `names` name the target."""
        return iter(())

    def unparse(self, values: Values) -> str | None:
        """The canonical line for these values."""
        from grammar.language.unparse import unparse

        return unparse(self.tree, values)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.notation!r}>"


class Flag(Command):
    """A line that is there or not: `field` holds True, False or None (not configured).

    `default` is the value without configuration (or a function of the target); what equals it is
    stored as None and not printed; what is off against a default of on prints as `no LINE`.
    """

    negatable = True

    def __init__(
        self,
        scope: Scope,
        notation: Fragment | str,
        *help: str,
        field: str,
        effect: Enum | None = None,
        default: bool | Callable[[Any], bool] = False,
        check: Callable[[Call, Any], None] | None = None,
        hidden: bool = False,
        alias: tuple[str, ...] = (),
    ) -> None:
        super().__init__(scope, notation, *help, hidden=hidden, alias=alias)
        self.field = field
        self.effect = effect
        self.default = default
        self.check = check

    def _default(self, target: Any) -> bool:
        return self.default(target) if callable(self.default) else self.default

    def run(self, call: Call) -> Answer:
        """Set or clear the field; an effect is reported only if the value changed."""
        target = call.target()
        if self.check is not None:
            self.check(call, target)
        wanted: bool | None = not call.negated
        if wanted == self._default(target):
            wanted = None
        if getattr(target, self.field) != wanted:
            setattr(target, self.field, wanted)
            call.changed(self.effect, target)
        return None

    def lines(self, target: Any, names: Values) -> Iterator[str]:
        """The line, or `no` and the line, where it differs from the default."""
        value = getattr(target, self.field)
        if value is None or value == self._default(target):
            return
        line = self.unparse(names)
        assert line is not None
        yield line if value else f"no {line}"


class Setting(Command):
    """A line with values: each of `fields` holds the variable of the same name, or None.

    `field="x"` with one variable `$v` stores it under another name: give `fields={"v": "x"}`, or
    `field="x"` when the variable is called x too. `no` clears all fields. `check(call, target)`
    may refuse with `CommandError` before anything changes.
    """

    negatable = True

    def __init__(
        self,
        scope: Scope,
        notation: Fragment | str,
        *help: str,
        field: str | None = None,
        fields: tuple[str, ...] | Mapping[str, str] = (),
        effect: Enum | None = None,
        check: Callable[[Call, Any], None] | None = None,
        hidden: bool = False,
        alias: tuple[str, ...] = (),
    ) -> None:
        super().__init__(scope, notation, *help, hidden=hidden, alias=alias)
        if field is not None:
            fields = (field,)
        self.fields = dict(fields) if isinstance(fields, Mapping) else {f: f for f in fields}
        self.effect = effect
        self.check = check

    def run(self, call: Call) -> Answer:
        """Store the values (None where a variable was not typed, and for `no`)."""
        target = call.target()
        if self.check is not None:
            self.check(call, target)
        changed = False
        for variable, name in self.fields.items():
            value = None if call.negated else call.values.get(variable)
            if getattr(target, name) != value:
                setattr(target, name, value)
                changed = True
        if changed:
            call.changed(self.effect, target)
        return None

    def lines(self, target: Any, names: Values) -> Iterator[str]:
        """The line with the stored values; nothing when none is set."""
        values = {
            variable: value
            for variable, name in self.fields.items()
            if (value := getattr(target, name)) is not None
        }
        if values and (line := self.unparse({**names, **values})) is not None:
            yield line


class Entries(Command):
    """Lines of which there are many: `into` is a dict of the target, one entry per line.

    `key` names the variable (or variables: then the dict's key is a tuple) that tells entries
    apart. `item(**values)` makes an entry from the other variables; its attributes of the same
    names are printed. `no` removes the entry; if there is none, `missing` (if given) refuses.
    `order` is the sort key of printing, over the dict's items; without it they print as typed.
    """

    negatable = True

    def __init__(
        self,
        scope: Scope,
        notation: Fragment | str,
        *help: str,
        into: str,
        key: str | tuple[str, ...],
        item: Callable[..., Any],
        effect: Enum | None = None,
        missing: str | None = None,
        order: Callable[[tuple[Any, Any]], Any] | None = None,
        check: Callable[[Call, Any], None] | None = None,
        hidden: bool = False,
        alias: tuple[str, ...] = (),
    ) -> None:
        super().__init__(scope, notation, *help, hidden=hidden, alias=alias)
        self.into = into
        self.key = key
        self.item = item
        self.effect = effect
        self.missing = missing
        self.order = order
        self.check = check

    def _key(self, values: Values) -> Any:
        if isinstance(self.key, str):
            return values[self.key]
        return tuple(values.get(name) for name in self.key)

    def _key_names(self) -> tuple[str, ...]:
        return (self.key,) if isinstance(self.key, str) else self.key

    def run(self, call: Call) -> Answer:
        """Add, replace or remove the entry."""
        target = call.target()
        if self.check is not None:
            self.check(call, target)
        entries = getattr(target, self.into)
        key = self._key(call.values)
        if call.negated:
            if key not in entries:
                if self.missing is not None:
                    raise CommandError(self.missing)
                return None
            del entries[key]
            call.changed(self.effect, target)
            return None
        rest = {k: v for k, v in call.values.items() if k not in self._key_names()}
        item = self.item(**rest)
        if entries.get(key) != item:
            entries[key] = item
            call.changed(self.effect, target)
        return None

    def lines(self, target: Any, names: Values) -> Iterator[str]:
        """One line per entry."""
        pairs: Iterable[tuple[Any, Any]] = getattr(target, self.into).items()
        if self.order is not None:
            pairs = sorted(pairs, key=self.order)
        for key, item in pairs:
            keys = (key,) if isinstance(self.key, str) else key
            values = dict(names)
            values.update(zip(self._key_names(), keys, strict=True))
            for name in getattr(item, "__slots__", None) or vars(item):
                values[name] = getattr(item, name)
            if (line := self.unparse(values)) is not None:
                yield line


class Action(Command):
    """A line whose doing is a function: `run(call)`, with an optional printer.

    Made by the decorators `action`, `show` and `opens`; `printer(target, names)` yields lines.
    """

    def __init__(
        self,
        scope: Scope,
        notation: Fragment | str,
        *help: str,
        run: Callable[[Call], Answer],
        printer: Callable[[Any, Values], Iterable[str]] | None = None,
        negatable: bool = False,
        hidden: bool = False,
        own: bool = False,
        alias: tuple[str, ...] = (),
    ) -> None:
        super().__init__(scope, notation, *help, hidden=hidden, own=own, alias=alias)
        self._run = run
        self._printer = printer
        self.prints = printer is not None or type(self).lines is not Action.lines
        self.negatable = negatable  # type: ignore[misc]  # an Action decides per command

    def run(self, call: Call) -> Answer:
        """Call the function."""
        return self._run(call)

    def lines(self, target: Any, names: Values) -> Iterator[str]:
        """What the printer gives, if there is one."""
        return iter(self._printer(target, names)) if self._printer is not None else iter(())


class Opens(Action):
    """A line that leads into `node`; its function returns the object of that node.

    The function gets the call and may raise `CommandError`; for `no LINE` (when `negatable`) it
    is called with `call.negated`, removes the object and returns None: the node does not change.
    `alive(daemon, object)` tells whether the object is still configured.
    """

    def __init__(
        self,
        *args: Any,
        into: Node | Callable[[Values], Node],
        alive: Callable[[Any, Any], bool] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.into = into
        self.alive = alive

    def run(self, call: Call) -> Answer:
        """Enter the node, unless the line was negated."""
        target = self._run(call)
        if not call.negated:
            node = self.into if isinstance(self.into, Node) else self.into(call.values)
            alive = self.alive and partial(self.alive, call.daemon, target)
            call.session.enter(node, target, alive)
        return None


Handler = Callable[[Call], Answer]


def action(
    scope: Scope, notation: Fragment | str, *help: str, **options: Any
) -> Callable[[Handler], Action]:
    """Declare an irregular command: the decorated function gets the `Call`."""

    def declare(run: Handler) -> Action:
        return Action(scope, notation, *help, run=run, **options)

    return declare


def opens(
    scope: Scope,
    notation: Fragment | str,
    *help: str,
    into: Node | Callable[[Values], Node],
    **options: Any,
) -> Callable[[Callable[[Call], Any]], Opens]:
    """Declare a line that enters a node; the function returns that node's object."""

    def declare(run: Callable[[Call], Any]) -> Opens:
        return Opens(scope, notation, *help, into=into, run=run, **options)

    return declare


def show(
    scope: Scope, notation: Fragment | str, *help: str, **options: Any
) -> Callable[[Callable[..., Any]], Action]:
    """Declare a show command: `function(daemon, **values)` returns a view.

    The daemon's `render(view, as_json)` makes text of it; `$json` in the notation picks JSON and
    is not passed on. A str, a `Reply` or a `View` (for a status other than 0) may be returned too.
    """

    def declare(function: Callable[..., Any]) -> Action:
        def run(call: Call) -> Answer:
            values = dict(call.values)
            as_json = values.pop("json", None) is not None
            result = function(call.daemon, **values)
            if isinstance(result, View):
                return View(result.data, result.as_json or as_json, result.status)
            if result is None or isinstance(result, str | Reply):
                return result
            return View(result, as_json)

        return Action(scope, notation, *help, run=run, **options)

    return declare
