"""Caches, loaders and queues of all services, of the numbers that processes told."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from infra.ops.ask import Number

__all__ = ["Loader", "Queue", "Ratio", "loaders_of", "queues_of", "ratios_of"]


@strawberry.type(description="How often something was there already.")
class Ratio:
    """``share`` of ``asked`` in the last minute."""

    service: str
    name: str
    share: float
    asked: int


@strawberry.type(description="A loader's last minute.")
class Loader:
    """``keys`` of a batch on average."""

    service: str
    name: str
    batches: int
    keys: float


@strawberry.type(description="Something that waits, or is open, just now.")
class Queue:
    """``unit``: ``seconds``, or nothing."""

    service: str
    name: str
    value: float
    unit: str


def ratios_of(counts: Sequence[Number]) -> list[Ratio]:
    asked: dict[tuple[str, str], list[float]] = {}
    for one in counts:
        if one.name in ("cache_requests_total", "gateway_plan_cache_requests_total"):
            key = (one.labels.get("service", "gateway"), one.labels.get("cache", "plans"))
            known = asked.setdefault(key, [0.0, 0.0])
            known[0] += one.value if one.labels["result"] == "hit" else 0.0
            known[1] += one.value
    found = [
        Ratio(service=service, name=name, share=hits / all_, asked=int(all_))
        for (service, name), (hits, all_) in asked.items()
    ]
    return sorted(found, key=lambda ratio: (ratio.service, ratio.name))


def loaders_of(counts: Sequence[Number]) -> list[Loader]:
    found: dict[tuple[str, str], list[float]] = {}
    for one in counts:
        if one.name.startswith("dataloader_batch_size"):
            known = found.setdefault((one.labels["service"], one.labels["loader"]), [0.0, 0.0])
            known[one.name.endswith("_sum")] += one.value
    made = [
        Loader(service=service, name=name, batches=int(batches), keys=keys / batches)
        for (service, name), (batches, keys) in found.items()
        if batches
    ]
    return sorted(made, key=lambda loader: (loader.service, loader.name))


_QUEUES = {
    "outbox_pending_events": ("events not yet published", ""),
    "outbox_oldest_age_seconds": ("the oldest such event", "seconds"),
    "db_client_connection_pending_requests": ("waiting for a connection", ""),
    "media_pool_jobs": ("pictures", ""),
    "graphql_subscriptions_active": ("subscriptions", ""),
    "gateway_subscriptions_active": ("subscriptions of clients", ""),
}


def queues_of(gauges: Sequence[Number]) -> list[Queue]:
    found = []
    for one in gauges:
        if one.name not in _QUEUES:
            continue
        name, unit = _QUEUES[one.name]
        pool = one.labels.get("db_client_connection_pool_name", "")
        default = "media" if one.name.startswith("media") else "gateway"
        service = one.labels.get("service") or pool.partition("-")[0] or default
        more = one.labels.get("state") or pool.partition("-")[2]
        shown = f"{name}, {more}" if more else name
        found.append(Queue(service=service, name=shown, value=one.value, unit=unit))
    return sorted(found, key=lambda queue: (queue.service, queue.name))
