"""Where the rooms are put together: Django's settings, urls and the application; it decides nothing of the work."""
