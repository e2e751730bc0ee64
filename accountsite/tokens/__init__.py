"""Personal access tokens: what programs use to act as their owner without signing in."""
