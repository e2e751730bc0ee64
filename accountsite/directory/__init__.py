"""The people of the tenant in Django's admin: found, read, helped and managed over Logto's API.

Nothing of them is copied into our database. `admin` is the list and one person, `deeds` what can be
done to an account, `access` who may, and `bulk` what is done to many.
"""
