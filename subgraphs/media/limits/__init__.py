"""How much is let in: requests, bytes a second, pictures in work, storage a person."""
