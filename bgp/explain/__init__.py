"""Why bgpd did what it did with a route or a session, and what it would do.

`paths` explains a prefix (`explain bgp`), `session` a neighbour (`explain neighbor`), `trial` runs
routes through a route-map (`test route-map`). Nothing is judged here a second time: filters run
as always, with a policy that writes down what it is asked (`trace`), decisions by the steps of
`bgp.rib.bestpath`, announcements by `bgp.rib.export`. Nothing is counted and nothing is changed;
what a neighbour is asked to send again is overheard (`ear`) on its usual way into the table.

Answers are outlines (`grammar.output.outline`). Loaded with the first such command.
"""
