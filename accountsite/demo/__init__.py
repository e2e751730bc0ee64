"""An embedded Logto-compatible tenant: its own process and origin, for trying and testing the site."""
