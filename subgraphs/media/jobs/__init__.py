"""What runs beside requests: finishing, tidying up, collecting."""
