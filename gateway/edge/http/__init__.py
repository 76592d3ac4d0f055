"""Requests and answers as HTTP has them: client addresses and their rates, bodies, headers, media types, statuses."""
