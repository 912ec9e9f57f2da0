"""Metrics for Prometheus on a port of a daemon, when `--metrics [ADDRESS:]PORT` asks for it.

`collected` makes metrics of what the daemons say of themselves, with Prometheus' own client
library; `server` answers the little of HTTP that a scraper speaks. Neither is imported without the
option.
"""
