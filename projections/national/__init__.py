"""What the national picture is made of: counts by region and month, and, apart from them, claims."""
