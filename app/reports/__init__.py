"""The road of residents' reports: tokens, submission, what officers do, and what whoever reported is told."""
