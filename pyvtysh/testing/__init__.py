"""Routers in the process of a test: no root, no sockets, and a clock that the test moves.

`topology` has the routers (zebra, staticd and bgpd of each, on a kernel in memory) and the wires
between them, `router` what a test does with one of them, `cables` and `pipes` what goes between:
packets of a link and connections of BGP. `plugin` gives pytest the fixtures; it alone imports
pytest, and none of the others is imported before a test asks for a fixture.
"""
