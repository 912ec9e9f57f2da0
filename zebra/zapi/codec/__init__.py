"""Messages to bytes and back, one row per command and a table of rows per dialect."""
