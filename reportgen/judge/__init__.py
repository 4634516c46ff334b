"""What is decided: derived facts, cross-checks, scores and their explanations."""
