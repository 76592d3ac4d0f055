"""Bytes to sizes, placeholder, colour and metadata; storage; signing. No GraphQL, no database."""
