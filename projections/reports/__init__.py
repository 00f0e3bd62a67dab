"""What is seen of residents' reports: by those who answer them, by everybody, and as counts."""
