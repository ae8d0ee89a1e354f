"""Every question: selects only, frozen rows or DataFrames out."""
