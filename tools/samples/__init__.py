"""The contents of the shipped submissions, one module each."""
