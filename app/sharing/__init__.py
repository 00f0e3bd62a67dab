"""The roads of the single security space: agencies, agreements, consents, and what ends with one of them."""
