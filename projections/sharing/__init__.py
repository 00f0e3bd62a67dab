"""What the single security space shows: what was shared, with whom, on what it rests, and what was agreed."""
