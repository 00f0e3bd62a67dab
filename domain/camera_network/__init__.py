"""The CCTV network as a whole: programmes that pay for cameras, and registers that are taken in at once."""
