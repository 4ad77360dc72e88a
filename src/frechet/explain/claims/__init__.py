"""Claims about derivatives, judged: every reading, the nearest mend, a counterexample in small numbers."""
