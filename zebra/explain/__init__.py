"""Why zebra uses a route, or not (`explain ip route`): candidates, next hops, the kernel.

What is said follows from the objects of the RIB and from `zebra.resolve` and `zebra.select`
themselves; nothing is looked up a second way, and nothing is changed. Answers are outlines
(`grammar.output.outline`). Loaded with the first such command.
"""
