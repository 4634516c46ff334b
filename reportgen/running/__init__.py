"""How many submissions are made: one run at a time on a folder, over processes or machines, none ever lost."""
