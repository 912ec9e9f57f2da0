"""The nodes that only zebra has (and pathd, of FRR's other daemons, for segment routing)."""

from grammar.node import CONFIG, INTERFACE, Node

PSEUDOWIRE = Node("pseudowire", "(config-pw)", 66, CONFIG)
LINK_PARAMS = Node("link-params", "(config-link-params)", 81, INTERFACE, ("exit-link-params",))
SEGMENT_ROUTING = Node("segment-routing", "(config-sr)", 67, CONFIG)
SRV6 = Node("srv6", "(config-srv6)", 76, SEGMENT_ROUTING)
LOCATORS = Node("locators", "(config-srv6-locators)", 77, SRV6)
LOCATOR = Node("locator", "(config-srv6-locator)", 78, LOCATORS)
NODES = (PSEUDOWIRE, LINK_PARAMS, SEGMENT_ROUTING, SRV6, LOCATORS, LOCATOR)
