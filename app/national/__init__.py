"""The national picture: what it counts, how it is shown to whom, as a table and as a map; and the claims beside it."""
