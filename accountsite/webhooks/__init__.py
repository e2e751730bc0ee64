"""What Logto tells by itself: received, kept, and acted on."""
