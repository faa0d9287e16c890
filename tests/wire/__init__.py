"""An OpenAI-compatible server of our own, for chat models over the real protocol."""
