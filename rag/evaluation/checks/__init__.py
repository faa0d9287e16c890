"""What says whether passages support a claim, and how good it is at that."""
