"""Runs a plan: scheduling, entity batches, merging, nulls, errors, subscriptions."""
