"""My work today, my account."""
