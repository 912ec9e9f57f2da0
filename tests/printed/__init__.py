"""FRR's commands, and the lines that its daemons were recorded to print, against ours."""
