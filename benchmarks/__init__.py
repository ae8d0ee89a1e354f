"""Side-by-side measurements: the product, the floor under it and its peers on the same work, in one run.

`make bench` runs them all and writes `docs/performance.md`. Read ratios: times belong to a machine and an hour.
"""
