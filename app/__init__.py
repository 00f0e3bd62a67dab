"""The room that knows all others: event store, access, the four ways through the house, API, CLI, demo."""
