"""What is declared: kinds, rubrics and rules, read from YAML with every mistake located."""
