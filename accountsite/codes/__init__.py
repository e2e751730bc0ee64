"""Codes that prove an address: sent, counted, checked. Whoever asks for one knows what it is for."""
