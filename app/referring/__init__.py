"""What referrals and conferences rest on, and what follows from them by itself. It needs no more than the desk."""
