"""`python -m app` is `oberih`."""

from app.cli import main

main()
