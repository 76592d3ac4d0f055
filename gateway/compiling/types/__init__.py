"""The classes that answers are decoded into and responses are encoded from."""
