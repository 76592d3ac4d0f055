"""Stores, products with price and stock, and carts."""
