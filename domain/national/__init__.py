"""The national picture: what is counted of every region, and what others said of it, dated and with its source."""
