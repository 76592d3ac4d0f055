"""What domains tell each other, and their subscribers: events by outbox and inbox, live messages by pub/sub."""
