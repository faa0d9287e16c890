"""Whether a sentence says what its passage says: claims, quotes, and how they can go wrong."""
