"""Lines about YANG models: our daemons have none, and answer as FRR's of those they have not;
what FRR would print of its own as configuration, they print."""

from grammar.base.errors import CommandError, Status
from grammar.command import Call, Reply, action
from grammar.common.modelled import configuration
from grammar.node import CONFIG, ENABLE, VIEW
from grammar.scope import Scope

_COLUMNS = (
    f"{'Module':<24} {'Version':<8} {'Revision':<11} {'Flags':<6} {'Namespace':<53}",
    "-" * 106,
)
_FORMS = "<compiled|summary|tree|yang|yin>"


def model_scopes() -> list[Scope]:
    """The scopes of these lines, made anew for each language."""
    shows, config = Scope((VIEW, ENABLE)), Scope((CONFIG,))
    _shows(shows)
    _running(shows)

    @action(config, "yang module-translator load FILENAME", "Models", own=True)
    def load(call: Call) -> None:
        text = f'% Failed to load "{call.values["filename"]}"\n'
        raise CommandError(f"{text}\nPlease check the logs for more details.", Status.WARNING)

    @action(config, "yang module-translator unload WORD", "Models", own=True)
    def unload(call: Call) -> None:
        raise _no_translator(call.values["word"])

    return [shows, config]


def _shows(scope: Scope) -> None:
    @action(
        scope,
        "show yang operational-data XPATH [{format <json|xml>|translate WORD|with-config}]",
        own=True,
    )
    def data(call: Call) -> None:
        _check_translator(call)
        raise CommandError("% Failed to fetch operational data.", Status.WARNING)

    @action(scope, "show yang module [module-translator WORD]", own=True)
    def modules(call: Call) -> Reply:
        _check_translator(call)
        lines = "".join(f" {line}\n" for line in _COLUMNS)
        return Reply([f" Flags: I - Implemented, D - Deviated\n\n{lines}\n"])

    @action(scope, f"show yang module [module-translator WORD] WORD$module {_FORMS}", own=True)
    def module(call: Call) -> None:
        _check_translator(call)
        raise CommandError(f'% Module "{call.values["module"]}" not found', Status.WARNING)

    @action(scope, "show yang module-translator", own=True)
    def translators(call: Call) -> str:
        return "No YANG module translators to display.\n\n"


def _running(scope: Scope) -> None:
    notation = "show configuration running [<json$json|xml$xml> [translate WORD]] [with-defaults]"

    @action(scope, notation, own=True)
    def running(call: Call) -> str | Reply:
        _check_translator(call)
        if "xml" in call.values:
            return ""
        if "json" in call.values:
            return "{\n\n}\n"
        return Reply(configuration(call))


def _check_translator(call: Call) -> None:
    name = call.values.get("word")
    if name is not None:
        raise _no_translator(name)


def _no_translator(name: str) -> CommandError:
    return CommandError(f'% Module translator "{name}" not found', Status.WARNING)
