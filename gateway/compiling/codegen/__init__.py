"""Python text: what is done with each step's answer, and what is sent for the next."""
