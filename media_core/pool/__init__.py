"""Killable worker processes with limits on memory, CPU and time, and the bounded queue before them."""
