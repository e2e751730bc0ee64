"""Coming from another app to one page of this site, and back."""
