"""What the product judges by itself is what Prometheus would, under the same names."""

from __future__ import annotations

from pathlib import Path

import yaml

from infra.ops.alerts import RULES, judged
from infra.ops.ask import Number, RowPart
from infra.ops.health import Service, services_of
from infra.ops.table import summed

_FILE = Path(__file__).resolve().parents[3] / "infra" / "monitoring" / "prometheus" / "rules" / "alerts.yml"


def _services(gauges: list[Number], **reasons: str) -> list[Service]:
    (shop,) = summed([([RowPart("fetch", "shop", "", 10, 0, 2, 1.0, [(200, 10)], [])], 10.0)])
    return services_of({"shop": shop}, gauges, {"user": "", "shop": "", **reasons})


_GAUGES = [
    Number("database_up", {"service": "user"}, 0),
    Number("cache_up", {"service": "user"}, 0),
    Number("database_up", {"service": "shop"}, 1),
    Number("circuit_breaker_open", {"service": "user", "target": "redis"}, 1),
    Number("circuit_breaker_open", {"service": "shop", "target": "redis"}, 0),
    Number("db_client_connection_pending_requests", {"db_client_connection_pool_name": "user-writes"}, 2),
    Number("outbox_oldest_age_seconds", {"service": "user"}, 61),
    Number("outbox_oldest_age_seconds", {"service": "shop"}, 60),
    Number("media_pool_jobs", {"state": "queued"}, 17),
    Number("media_pool_jobs", {"state": "running"}, 17),
]
_COUNTS = [
    Number("events_handled_total", {"service": "ai", "outcome": "set_aside"}, 1),
    Number("events_handled_total", {"service": "ai", "outcome": "handled"}, 9),
    Number("job_failures_total", {"service": "ai", "name": "indexer"}, 4),
]


def test_each_condition_that_holds_is_told_the_worst_first() -> None:
    services = _services(_GAUGES, user="The database cannot be reached.")
    told = judged(services, _GAUGES, _COUNTS, ["shop: Query.slow"])
    assert [(one.name, one.severity, one.summary) for one in told] == [
        ("DatabaseDown", "critical", "user cannot reach its database"),
        ("ServiceDown", "critical", "user: The database cannot be reached."),
        ("SubgraphFailing", "critical", "The gateway gets no answer from shop to 20% of its fetches"),
        ("CacheDown", "warning", "user cannot reach its cache"),
        ("CircuitBreakerOpen", "warning", "user does not ask its redis"),
        ("DatabasePoolExhausted", "warning", "Requests of user-writes wait for a connection"),
        ("EventsSetAside", "warning", "ai set an event aside"),
        ("JobFailing", "warning", "The job indexer of ai keeps failing"),
        ("MediaPoolBacklog", "warning", "17 pictures wait for the image pool"),
        ("OutboxStuck", "warning", "Events of user are not published"),
        ("SlowResolver", "warning", "shop: Query.slow is slow"),
    ]
    rules = [rule for group in yaml.safe_load(_FILE.read_text())["groups"] for rule in group["rules"]]
    severities = {rule["alert"]: rule["labels"]["severity"] for rule in rules}
    assert {one.name for one in told} == RULES
    assert [one.severity for one in told] == [severities[one.name] for one in told]


def test_services_are_told_with_what_they_say_of_themselves() -> None:
    shop, user = _services(_GAUGES, user="away")
    assert (shop.ready, shop.rate, shop.errors, shop.database, shop.cache, shop.breakers) == (
        True,
        1.0,
        0.2,
        True,
        None,
        [],
    )
    assert (user.ready, user.reason, user.rate, user.p95, user.database, user.cache, user.breakers) == (
        False,
        "away",
        0.0,
        None,
        False,
        False,
        ["redis"],
    )


def test_of_nothing_nothing_is_told() -> None:
    assert judged(services_of({}, [], {"user": ""}), [], [], []) == []
