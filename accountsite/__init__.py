"""The account settings site for a Logto tenant."""
