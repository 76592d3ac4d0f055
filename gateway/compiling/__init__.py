"""QueryPlan -> CompiledOperation: ``analysis`` of what is asked, ``types`` to decode it into, ``codegen`` that puts it together."""

from gateway.compiling.analysis.shape import Place
from gateway.compiling.compiler import compile_operation
from gateway.compiling.conditions import condition_variables
from gateway.compiling.errors import NotCompilable, Unusual
from gateway.compiling.operation import CompiledOperation, CompiledStep

__all__ = [
    "CompiledOperation",
    "CompiledStep",
    "NotCompilable",
    "Place",
    "Unusual",
    "compile_operation",
    "condition_variables",
]
