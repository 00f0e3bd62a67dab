"""What people see: views folded from the log, and the projector that keeps them.

Views live in a database of their own. They hold tokens of sealed values, never plain ones, and every one of them can
be thrown away and folded again from the log.
"""
