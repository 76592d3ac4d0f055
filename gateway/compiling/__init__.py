"""QueryPlan to CompiledOperation: decoders, representation builders, the response's shape."""
