"""What a browser is shown: the web app, and GraphiQL."""
