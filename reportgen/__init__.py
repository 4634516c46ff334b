"""Official Chinese Word reports from Excel figures, Word prose and a rubric."""

__version__ = "0.1.0"
