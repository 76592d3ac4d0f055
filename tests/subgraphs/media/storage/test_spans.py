"""What is asked of an object store is in the trace of whoever asked, by the conventions' names."""

from __future__ import annotations

from opentelemetry.trace import SpanKind

from media_core.storage.s3 import S3Call, S3Location
from subgraphs.kit.telemetry.tracing import Part, Tracer
from subgraphs.media.storage.spans import note_call


def test_an_operation_is_a_client_span_of_the_request_that_needed_it() -> None:
    told: list[Part] = []
    bucket = S3Location("store.example:9000", "pictures", "key", "hidden")
    with Tracer("media", told.append).part("POST /upload", None):
        note_call(S3Call("PutObject", bucket, 1.0, 1.5, None))
        note_call(S3Call("GetObject", S3Location("s3.example", "b", "", ""), 2.0, 2.5, "StorageUnavailable"))
    stored, read, root = told[0].spans
    assert (stored.name, stored.kind, stored.parent_id, stored.error) == (
        "S3.PutObject",
        SpanKind.CLIENT,
        root.span_id,
        None,
    )
    assert stored.attributes == {
        "rpc.system": "aws-api",
        "rpc.service": "S3",
        "rpc.method": "PutObject",
        "aws.s3.bucket": "pictures",
        "server.address": "store.example",
        "server.port": 9000,
    }
    assert (stored.began, stored.ended) == (1.0, 1.5)
    assert (read.error, read.attributes["server.port"], told[0].failed) == ("StorageUnavailable", 443, True)
    assert "hidden" not in repr(told)
