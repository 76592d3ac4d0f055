"""Pictures at their addresses, and what a CDN keeps of them."""
