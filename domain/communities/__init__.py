"""The territorial communities that community police officers serve in: posts, stations, and whom they reach."""
