"""What comes out: a compiled Word template, the document rendered from it, its package and its gate."""
