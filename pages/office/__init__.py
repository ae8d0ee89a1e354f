"""The office's overview: the dashboard, and the rows behind each of its figures."""
