"""In the field: the sample, the households to visit, the form of each."""
