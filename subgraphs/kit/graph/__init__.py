"""The GraphQL that every domain's schema has: Relay's nodes and connections, payloads, entities."""
