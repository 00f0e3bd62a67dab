"""Speaking to a server: what the command line and the demonstration share."""
