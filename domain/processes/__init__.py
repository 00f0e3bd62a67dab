"""Process managers: pure functions from an event, and the facts that it is answered with, to commands.

They decide nothing that an aggregate decides, read no clock and keep no state: `app/processes.py` gives them each event
once, across crashes, and carries their commands out.
"""
