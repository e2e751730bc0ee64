"""What is held about a person, as they may see, take and change it."""
