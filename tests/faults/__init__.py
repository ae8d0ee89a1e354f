"""Killed in the middle: what was acknowledged is there, nothing else is half there."""
