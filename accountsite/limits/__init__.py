"""How often something may be tried: passwords, codes, confirmations, sends. Logto does not count.

Services count with `attempts`; `rules` holds the numbers.
"""
