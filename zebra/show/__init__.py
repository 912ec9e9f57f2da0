"""What zebra shows: views of its state, and their text and JSON."""
