"""Communities of community police: where they are, who is posted there, and what the gate is asked about them."""
