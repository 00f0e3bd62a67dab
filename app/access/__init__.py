"""Who may ask: the closed list of operations, the policies over it, passwords and tokens."""
