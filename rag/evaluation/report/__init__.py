"""Reports: one run, told to a terminal, to a build server, to a browser."""
