"""Rosters, payment registers, places: what comes in, and the money in it."""
