"""The roads of the single security space: what is shared of a child, with whom, on what it rests, and how it ends."""
