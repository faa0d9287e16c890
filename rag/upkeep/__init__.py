"""Looking after an archive: what it holds, whether it is sound, copies of it."""
