"""The roads of the CCTV network: registers that are taken in at once, programmes and what they paid for."""
