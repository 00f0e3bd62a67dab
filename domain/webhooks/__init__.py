"""Telling a partner's own system that something changed which it may read."""
