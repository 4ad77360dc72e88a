"""Tests of explanations and verdicts."""
