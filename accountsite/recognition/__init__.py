"""Devices that a person has signed in from before, and the mail about a new one.

A device is a kind of browser on a kind of system in the network of a provider: Chrome on Windows
somewhere in 203.0.0.0/16. Versions change by themselves, and whoever goes from one café to the next
mostly stays with a provider, so neither is told; somebody with the password in another place is. No
cookie is asked: most sign-ins are at other apps, and Logto, which tells of them, sees none of ours.
"""
