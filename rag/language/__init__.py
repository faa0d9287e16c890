"""What sentences are made of: terms, names, figures, dates, speech."""
