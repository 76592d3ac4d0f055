"""What the promise of availability is judged by: operations with an error that no caller can mend."""

from __future__ import annotations

from gateway.edge.app import GatewayApp
from tests.gateway.edge.graph import Subgraph, client, parts


async def test_an_operation_counts_once_however_many_of_its_errors_are_ours() -> None:
    given = parts(Subgraph())
    async with client(GatewayApp(given)) as asking:
        for query in ("{ hello }", "{ nothing }", "{ a: fails b: fails }", "{ a: fails b: fails }"):
            await asking.post("/graphql", json={"query": query})
    given.metrics.operation_duration.collect()  # has those counted that wait
    assert given.metrics.registry.get_sample_value("graphql_operation_faults_total") == 2.0
