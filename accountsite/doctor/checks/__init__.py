"""The checks. Each takes Sources and yields findings; LogtoError may be left to the caller.

They put nothing secret into a finding: neither settings that are secrets, nor the words of an
exception, which can quote addresses with passwords in them.
"""
