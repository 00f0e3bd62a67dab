"""What may happen: events, pure deciders, and the port of the log they are kept in.

Nothing here reads a clock, makes an id or does I/O: times, ids and persons come in with the command.
"""

from domain import registry as registry  # whoever imports any part of the domain gets all TOPICS
