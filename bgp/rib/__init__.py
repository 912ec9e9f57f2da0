"""Tables, paths, the decision process, next hops and what neighbours are told. No I/O."""
