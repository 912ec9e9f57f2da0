"""Ages and dates as FRR writes them. Local time is the process's time zone, as in FRR."""

from time import ctime as _ctime
from time import gmtime, localtime, strftime

_MINUTE, _HOUR, _DAY, _WEEK, _YEAR = 60, 3600, 86400, 604800, 365 * 86400


def peer_uptime(seconds: float | None) -> str:
    """Age of a session (`Up/Down`, `up for`) in whole seconds; None is `never`.

    `00:00:05`, from a day `1d02h03m`, from a week `01w2d03h`, from 365 days `01y02w3d` (calendar
    years counted from 1970, as FRR does).
    """
    if seconds is None:
        return "never"
    age = int(seconds)
    if age < _YEAR:
        return route_uptime(age)
    passed = gmtime(age)
    weeks, days = divmod(passed.tm_yday - 1, 7)
    return f"{passed.tm_year - 1970:02d}y{weeks:02d}w{days}d"


def route_uptime(seconds: float) -> str:
    """Age of a route or next hop in whole seconds, as `peer_uptime` but weeks without end."""
    age = int(seconds)
    if age < _DAY:
        return f"{age // _HOUR:02d}:{age % _HOUR // _MINUTE:02d}:{age % _MINUTE:02d}"
    days, rest = divmod(age, _DAY)
    if age < _WEEK:
        return f"{days}d{rest // _HOUR:02d}h{rest % _HOUR // _MINUTE:02d}m"
    return f"{days // 7:02d}w{days % 7}d{rest // _HOUR:02d}h"


def log_time(epoch: float) -> str:
    """A moment as log lines begin, with milliseconds: `2026/11/23 07:00:52.393`."""
    return f"{strftime('%Y/%m/%d', localtime(epoch))} {clock_time(epoch)}"


def clock_time(epoch: float) -> str:
    """The time of day of a moment, with milliseconds: `07:00:52.393`."""
    return f"{strftime('%H:%M:%S', localtime(epoch))}{_milliseconds(epoch)}"


def utc_time(epoch: float) -> str:
    """A moment for programs (ISO 8601): `2026-11-23T07:00:52.393Z`."""
    return f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(epoch))}{_milliseconds(epoch)}Z"


def _milliseconds(epoch: float) -> str:
    return f".{int(epoch * 1000) % 1000:03}"


def ctime(epoch: float) -> str:
    """`Sun Nov 22 22:18:38 2026` in local time, without an end of line, for seconds since 1970."""
    return _ctime(int(epoch))
