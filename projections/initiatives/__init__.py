"""What people see of initiatives."""
