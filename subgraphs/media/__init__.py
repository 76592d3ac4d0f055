"""Pictures: taken in, made into sizes, kept, and served to whom they may be."""
