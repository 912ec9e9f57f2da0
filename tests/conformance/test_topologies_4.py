"""A sixth of the topologies."""

from tests.conformance.playing import tests

test_ours_does_what_frr_does, test_frr_does_what_was_recorded = tests(3)
