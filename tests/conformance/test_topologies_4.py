"""A sixth of the topologies."""

from tests.conformance.playing import played

test_ours_does_what_frr_does, test_frr_does_what_was_recorded = played(3)
