"""Children! Police! Community!: what residents raise, and what public bodies commit themselves to in answer."""
