"""Views of communities: places, posts, and how far they reach at any date."""
