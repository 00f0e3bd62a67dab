"""The record: events in SQLite through eventsourcing, personal data sealed under keys that are kept apart."""
