"""Derivatives as linear operators that keep their structure."""
