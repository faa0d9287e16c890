"""Vectors of texts: the model that comes along, or any that LangChain can name."""
