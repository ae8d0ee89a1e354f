"""Side-by-side measurements, each a ratio in one run. Never a gate in a test."""
