"""Servers of the real engines for the tests: PostgreSQL and Chroma on loopback."""
