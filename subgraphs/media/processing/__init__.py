"""From an uploaded file to a stored picture with its sizes."""
