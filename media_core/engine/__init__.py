"""The pipeline over Pillow. Runs in a worker process only: nothing outside it imports this."""
