"""Safe School: schools, their safety passports, the sessions held in them, and whom their pupils can turn to."""
