"""The single security space: agencies, what was agreed to share with them, and consent to share it."""
