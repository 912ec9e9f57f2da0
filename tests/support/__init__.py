"""What the tests stand on: namespaces, real daemons, transcripts, masks and terminals."""
