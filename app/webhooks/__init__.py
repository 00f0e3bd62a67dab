"""Messages to partners' own systems: what they are told of, signed, sent until they are taken, and on record."""
