"""Metrics: what an answer earns, what a suite of them shows, and how sure that is."""
