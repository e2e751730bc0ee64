"""Logto's Management API, and the little of its Account API that we need, as typed functions.

One module per noun, one function per endpoint: frozen models come back, `errors` are raised.
`transport` sends, `client` adds this site's token, `reading` turns JSON into what models hold.
"""
