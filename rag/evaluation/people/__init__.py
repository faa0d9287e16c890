"""What people say of claims and drafts, beside what a check says."""
