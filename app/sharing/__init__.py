"""Sharing what is known of a child with agencies, on what an agreement and a consent allow."""
