"""What sharing rests on: agencies that take part, agreements with them, and consents."""
