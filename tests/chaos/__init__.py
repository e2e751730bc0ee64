"""People go on with their accounts while everything around them fails, one thing after another.

`make chaos` runs it. Afterwards what people were told is held against what the tenant really did,
what the audit trail says and which mails came: see `ledger`.
"""
