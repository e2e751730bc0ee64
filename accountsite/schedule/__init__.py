"""What the site does by itself: tasks that left a request, and jobs that come round again.

`manage.py worker` does both; `jobs` lists the jobs.
"""
