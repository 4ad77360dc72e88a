"""The parts of `evaluate.py`: workloads by field, the peers, the clock, the table and the plot."""
