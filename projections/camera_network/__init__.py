"""The CCTV network as a whole: where its cameras stand, how long they worked, what programmes paid for."""
