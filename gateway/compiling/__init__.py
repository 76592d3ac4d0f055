"""QueryPlan -> CompiledOperation: decoders, representation builders, the response's shape."""

from gateway.compiling.compiler import compile_operation
from gateway.compiling.conditions import condition_variables
from gateway.compiling.errors import NotCompilable, Unusual
from gateway.compiling.operation import CompiledOperation, CompiledStep
from gateway.compiling.shape import Place

__all__ = [
    "CompiledOperation",
    "CompiledStep",
    "NotCompilable",
    "Place",
    "Unusual",
    "compile_operation",
    "condition_variables",
]
