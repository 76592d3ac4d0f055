"""The doors that files come by, in one request or several."""
