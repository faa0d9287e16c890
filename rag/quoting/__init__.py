"""Answers in quotes: which sentences, how sure, and what disagrees with them."""
