"""Policy: what lists and route-maps make of a route.

`lists` are those over AS paths and communities, `matches` and `sets` the clauses of route-maps by
their keys, `evaluate` runs a `Route` through the filters of a neighbour. In flows a route, out the
verdict and the route as it was changed. It must not import `show` or `commands`.
"""
