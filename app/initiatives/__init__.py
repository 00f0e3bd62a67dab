"""The roads of initiatives that rest on more than the initiative."""
