"""The roads of Safe School that rest on more than the school."""
