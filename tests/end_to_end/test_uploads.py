"""Resumable uploads through the gateway, in one process: the path, its methods and its headers pass."""

from __future__ import annotations

import base64
import io
from uuid import UUID

import httpx
from tusclient.client import TusClient

from tests.end_to_end.product import Product
from tests.media_core.photographs import photograph


def test_a_real_client_uploads_through_the_gateway(product: Product) -> None:
    token, data = product.login(), photograph(800, 600, seed=5)
    client = TusClient(f"{product.url}/uploads", headers={"authorization": f"Bearer {token}"})
    uploader = client.uploader(file_stream=io.BytesIO(data), chunk_size=30_000)
    uploader.upload()
    raw = UUID(hex=str(uploader.url).rpartition("/")[2])
    session = base64.b64encode(f"UploadSession:{raw.hex}".encode()).decode()
    query = "query ($i: ID!) { uploadSession(id: $i) { status media { metadata { width } } } }"
    answer = product.post(query, {"i": session}, token)
    assert answer == {"data": {"uploadSession": {"status": "DONE", "media": {"metadata": {"width": 800}}}}}
    able = httpx.options(f"{product.url}/uploads")
    assert (able.status_code, able.headers["tus-version"]) == (204, "1.0.0")
    assert httpx.get(f"{product.url}/uploads/{raw.hex}").status_code == 405
