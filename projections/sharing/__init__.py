"""What the single security space shows: agencies, agreements, consents, what was shared under them and agreed on."""
