"""What is known of an operation before it is compiled: its response's shape, what each step gives of it, and what has to be looked at."""
