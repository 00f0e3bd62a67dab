"""Residents' reports: what somebody who lives here saw, how the police answer it, and what they are honestly told."""
