"""Formulas as they are written in other notations, read back: right, a question, a refusal, never another."""
