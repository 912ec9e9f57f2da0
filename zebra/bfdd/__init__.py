"""bfdd: the configuration of BFD, and honest answers about it. No session runs yet.

FRR's lines of the node `bfd` are taken and printed; a configured peer is shown as one whose
neighbour has never answered. Nothing is sent and nobody is told of a failure. Imports grammar only.
"""
