"""Answers that a chat model writes, held to the text."""
