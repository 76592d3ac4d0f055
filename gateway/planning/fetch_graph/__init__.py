"""Fetches and what they wait for: put together along the chosen ways, improved pass by pass, and emitted as a plan."""
