"""Each filter as a function from what comes in to what goes out; words are checked at once."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from pyvtysh.pipes import rows as tables
from pyvtysh.pipes import text, values
from pyvtysh.pipes.flow import FilterFaultError, Flow, Json, Lines, Row, Rows
from pyvtysh.pipes.tables import rows_of_text
from pyvtysh.pipes.text import Found
from pyvtysh.pipes.words import EXPRESSIONS, Stage

Step = Callable[[Flow], Flow]


def step(stage: Stage) -> Step:
    """What a filter does; FilterFaultError for words that it does not take."""
    if stage.name in EXPRESSIONS:
        return partial(_searched, _SEARCHES[stage.name], text.finder(stage.name, stage.rest))
    return _STEPS[stage.name](stage.rest)


def lines_from(flow: Flow) -> Iterator[str]:
    """What is to be printed, by lines."""
    match flow:
        case Lines():
            return flow.lines
        case Rows():
            return tables.aligned(flow)
        case Json(pieces=None):
            return values.text_of(flow.value)
        case Json(pieces=pieces):
            assert pieces is not None
            return text.lines_of(pieces)


def rows_from(flow: Flow, name: str) -> Rows:
    """What comes in as a table; FilterFaultError, which names the filter, if it is none."""
    if isinstance(flow, Rows):
        return flow
    if isinstance(flow, Lines):
        flow = _known_form(flow)
    if isinstance(flow, Json):
        return values.rows_of_value(values.loaded(flow))
    try:
        return rows_of_text(flow.lines)
    except FilterFaultError as error:
        found = flow.as_json()
        if found is None:
            what = "the answer has neither a JSON form nor a table" if name == "json" else error
            raise FilterFaultError(f"{name}: {what}") from None
        return values.rows_of_value(values.loaded(found))


def _known_form(flow: Lines) -> Lines | Json:
    """Lines that are JSON as such."""
    start: list[str] = []
    for line in flow.lines:
        start.append(line)
        if line.strip():
            if line.lstrip()[0] in "{[":
                return Json(pieces=chain(start, flow.lines))
            break
    flow.lines = chain(start, flow.lines)
    return flow


_SEARCHES: dict[str, Callable[[Iterable[str], Found], Iterator[str]]] = {
    "include": text.include,
    "exclude": text.exclude,
    "begin": text.begin,
    "until": text.until,
    "section": text.section,
}


def _searched(
    search: Callable[[Iterable[str], Found], Iterator[str]], found: Found, flow: Flow
) -> Flow:
    if isinstance(flow, Rows):
        return Rows(flow.columns, _searched_rows(search, found, flow.rows))
    return Lines(search(lines_from(flow), found), _nothing)


def _searched_rows(
    search: Callable[[Iterable[str], Found], Iterator[str]], found: Found, rows: Iterator[Row]
) -> Iterator[Row]:
    """Rows by their texts, which are as many."""
    held: list[Row] = []

    def texts() -> Iterator[str]:
        for row in rows:
            held[:] = [row]
            yield tables.joined(row)

    # Each of the searches gives a text right behind the asking for it.
    for _ in search(texts(), found):
        yield from held


def _nothing() -> None:
    return None


def _none_allowed(name: str, rest: str) -> None:
    if rest:
        raise FilterFaultError(f"{name}: nothing may stand behind it, not '{rest}'")


def _named_words(name: str, rest: str) -> list[str]:
    quoted = "'" in rest or '"' in rest
    words = text.quoted_words(name, rest if quoted else rest.replace(",", " "))
    if not words:
        raise FilterFaultError(f"{name}: the name of a column is missing")
    return words


def _count(rest: str) -> Step:
    _none_allowed("count", rest)

    def counted(flow: Flow) -> Flow:
        if isinstance(flow, Json):
            number = values.size(values.loaded(flow))
        else:
            number = sum(1 for _ in (flow.rows if isinstance(flow, Rows) else flow.lines))
        return Lines(iter([f"{number}\n"]), _nothing)

    return counted


def _first(rest: str) -> Step:
    number = text.number("first", rest.split())

    def first(flow: Flow) -> Flow:
        match flow:
            case Rows():
                return Rows(flow.columns, text.first(flow.rows, number))
            case Json():
                return Json(value=values.some(values.loaded(flow), None, number))
            case Lines():
                return Lines(text.first(flow.lines, number), _nothing)

    return first


def _last(rest: str) -> Step:
    number = text.number("last", rest.split())

    def last(flow: Flow) -> Flow:
        match flow:
            case Rows():
                return Rows(flow.columns, text.last(flow.rows, number))
            case Json():
                return Json(value=values.some(values.loaded(flow), -number, None))
            case Lines():
                return Lines(text.last(flow.lines, number), _nothing)

    return last


def _sort(rest: str) -> Step:
    names = _named_words("sort", rest)
    backwards = len(names) > 1 and names[-1] == "reverse"
    names = names[:-1] if backwards else names
    return lambda flow: tables.ordered(rows_from(flow, "sort"), names, backwards=backwards)


def _columns(rest: str) -> Step:
    names = _named_words("columns", rest)
    return lambda flow: tables.columns(rows_from(flow, "columns"), names)


def _table(rest: str) -> Step:
    _none_allowed("table", rest)
    return lambda flow: rows_from(flow, "table")


def _csv(rest: str) -> Step:
    _none_allowed("csv", rest)
    return lambda flow: Lines(tables.comma_separated(rows_from(flow, "csv")), _nothing)


def _json(rest: str) -> Step:
    def json(flow: Flow) -> Flow:
        if isinstance(flow, Lines):
            flow = _known_form(flow)
        if not isinstance(flow, Json):
            flow = Json(value=tables.objects(rows_from(flow, "json")))
        return Json(value=values.searched(values.loaded(flow), rest)) if rest else flow

    return json


def _no_more(rest: str) -> Step:
    _none_allowed("no-more", rest)
    return lambda flow: flow


_STEPS: dict[str, Callable[[str], Step]] = {
    "columns": _columns,
    "count": _count,
    "csv": _csv,
    "first": _first,
    "json": _json,
    "last": _last,
    "no-more": _no_more,
    "sort": _sort,
    "table": _table,
}
