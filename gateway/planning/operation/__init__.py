"""The client's operation before it is planned: what of it its caller may have, its root fields, its ``@defer``."""
