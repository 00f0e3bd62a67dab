"""Pretrained models in use: which there are to choose from, what is known of each, and how their files travel."""
