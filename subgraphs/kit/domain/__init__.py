"""What a domain is made with: its declaration, the resources it holds, the context of a request, the demo's people."""
