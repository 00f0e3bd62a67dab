"""What is seen of the single security space: agencies, agreements, consents, and what was shared under them."""
