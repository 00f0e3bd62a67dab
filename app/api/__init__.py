"""The HTTP API: routes by noun, thin over the roads in `app`."""
