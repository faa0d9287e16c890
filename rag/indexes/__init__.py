"""Words and vectors, in generations made from the store."""
