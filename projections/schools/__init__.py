"""What people see of schools."""
