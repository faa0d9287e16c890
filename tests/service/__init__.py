"""The service as programs and browsers meet it."""
