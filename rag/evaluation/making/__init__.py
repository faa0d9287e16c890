"""Suites made of what there is: articles, other people's questions, readers' remarks."""
