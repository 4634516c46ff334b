"""What each command does beyond checking, scoring and building."""
