"""Manifests and code, read together: each says of the other what is true."""

from __future__ import annotations

import re
import shlex
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from gateway.config import GatewaySettings, Guards
from infra.cli import parser
from infra.domains import DOMAINS
from infra.local.valkey import SETTINGS as VALKEY_SETTINGS
from infra.mounts import keeps_pictures
from infra.settings import PREFIX, Settings
from infra.subgraphs import needed_by
from media_core.storage.factory import object_store
from subgraphs.kit.identity.keys import SigningKey, StaticKeys
from tests.infra.kubernetes.manifests import FOLDER, Document, build, kustomizations, named
from tests.infra.kubernetes.product import SERVICES, Edge, Workload, edges, secret_value, workloads

_OVERLAYS = [folder for folder in kustomizations() if folder.parent.name == "overlays"]
_DEVELOPMENT = FOLDER / "overlays" / "development"
_PRODUCTION = FOLDER / "overlays" / "production"
_ROOT = FOLDER.parents[1]
_PORTS = dict(zip(SERVICES, range(8000, 8008), strict=True))

each_overlay = pytest.mark.parametrize("overlay", _OVERLAYS, ids=lambda path: path.name)


@cache
def _services(overlay: Path) -> dict[str, Workload]:
    return workloads(build(overlay))


@each_overlay
def test_each_service_has_its_port_and_all_that_belongs_to_it(overlay: Path) -> None:
    documents = build(overlay)
    assert {name: w.ports["http"] for name, w in _services(overlay).items()} == _PORTS
    for kind in (
        "Service",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "ServiceAccount",
        "NetworkPolicy",
    ):
        assert set(SERVICES) <= set(named(documents, kind)), kind
    services = named(documents, "Service")
    assert {n: services[n]["spec"]["ports"][0]["port"] for n in SERVICES} == _PORTS
    for name in SERVICES:
        selected = {"app.kubernetes.io/name": name}
        assert services[name]["spec"]["selector"] == selected
        assert named(documents, "PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == selected
        assert named(documents, "HorizontalPodAutoscaler")[name]["spec"]["scaleTargetRef"]["name"] == name
        assert named(documents, "HorizontalPodAutoscaler")[name]["spec"]["minReplicas"] >= 2


@each_overlay
def test_what_is_run_is_a_command_with_these_arguments(overlay: Path) -> None:
    for name, workload in _services(overlay).items():
        options = parser(workload.args).parse_args(workload.args)
        assert (options.host, options.port) == ("0.0.0.0", _PORTS[name])  # noqa: S104 - a pod's own
        if name != "gateway":
            assert (options.command, options.name, options.prepared) == ("subgraph", name, True)
    jobs = workloads(build(overlay), "Job")
    assert {name: job.args for name, job in jobs.items()} == {
        f"migrate-{domain}": ("migrate", domain) for domain in DOMAINS
    }


@each_overlay
def test_every_name_of_the_environment_is_a_setting(overlay: Path) -> None:
    known = _known_settings()
    for workload in [*_services(overlay).values(), *workloads(build(overlay), "Job").values()]:
        named_here = {*workload.environment, *workload.secrets}
        unknown = {name for name in named_here if not name.startswith("OTEL_")} - known
        assert unknown == set(), workload.name


def _known_settings() -> set[str]:
    page = (_ROOT / "docs" / "settings.md").read_text()  # held to the code by tests/docs/test_settings.py
    gateway = {
        f"{PREFIX}GATEWAY_{name.upper()}" for one in (GatewaySettings, Guards) for name in one.__slots__
    }
    urls = {f"{PREFIX}SUBGRAPH_URL_{name.upper()}" for name in DOMAINS}
    return set(re.findall(rf"`({PREFIX}[A-Z_]+)`", page)) | gateway | urls


@each_overlay
def test_each_service_starts_with_what_it_is_told(overlay: Path, tmp_path: Path) -> None:
    for name, workload in _services(overlay).items():
        settings = Settings.from_environment(_told(overlay, name, workload, tmp_path))
        if name == "gateway":
            urls = (f"SUBGRAPH_URL_{domain.upper()}" for domain in DOMAINS)
            settings.require("SUPERGRAPH", "IDENTITY_KEY", "TOKEN_JWKS_URL", *urls)
            found = {n: urlsplit(url) for n, url in settings.subgraph_urls.items()}
            assert {n: (u.hostname, u.port) for n, u in found.items()} == {n: (n, _PORTS[n]) for n in DOMAINS}
            assert settings.metrics_port == workload.ports["metrics"]
            assert keeps_pictures(settings)
        else:
            settings.require(*needed_by(name))
        own = ["IDENTITY_KEY", "REDIS_URL"] if name == "gateway" else needed_by(name)
        needed = {f"{PREFIX}{n}" for n in own}
        assert workload.secrets == needed - set(workload.environment), (
            "a service has no secret it does not need"
        )


def _told(overlay: Path, name: str, workload: Workload, folder: Path) -> dict[str, str]:
    """The environment of a pod, with its mounted secrets; those of a store are made up."""
    mounted = folder / name
    mounted.mkdir()
    for key in workload.secrets:
        known = "development" in overlay.name
        (mounted / key).write_text(secret_value(name, key, build(overlay)) if known else _made_up(key))
    return {**workload.environment, f"{PREFIX}SECRETS": str(mounted)}


def _made_up(key: str) -> str:
    return secret_value(
        {"LETS_CONNECT_IDENTITY_KEY": "gateway", "LETS_CONNECT_TOKEN_KEY": "user"}.get(key, "media"),
        key,
        build(_DEVELOPMENT),
    )


async def test_the_secrets_of_development_fit_together() -> None:
    documents = build(_DEVELOPMENT)
    identity = SigningKey.from_pem(_read_key("gateway", "LETS_CONNECT_IDENTITY_KEY", documents))
    for domain in DOMAINS:
        keys = StaticKeys.from_jwks(secret_value(domain, "LETS_CONNECT_IDENTITY_JWKS", documents))
        assert await keys.key(identity.kid) == identity.private.public_key()
    store = secret_value("media", "LETS_CONNECT_OBJECT_STORE_URL", documents)
    user, password = (secret_value("servers", f"MINIO_ROOT_{n}", documents) for n in ("USER", "PASSWORD"))
    assert store.startswith(f"s3://{user}:{password}@minio:9000/")
    object_store(store)
    database = urlsplit(secret_value("user", "LETS_CONNECT_DATABASE_URL", documents))
    assert database.password == secret_value("servers", "POSTGRES_PASSWORD", documents)
    for service in SERVICES:
        redis = urlsplit(secret_value(service, "LETS_CONNECT_REDIS_URL", documents))
        assert (redis.hostname, redis.port) == ("redis", 6379)
        assert f"requirepass {redis.password}\n" in secret_value("servers", "valkey.conf", documents)


def _read_key(name: str, key: str, documents: tuple[Document, ...]) -> bytes:
    settings = Settings.from_environment({key: secret_value(name, key, documents)})
    assert settings.identity_key is not None
    return settings.identity_key


@each_overlay
def test_probes_ask_what_is_answered_and_liveness_never_asks_for_dependencies(overlay: Path) -> None:
    for workload in _services(overlay).values():
        asked = {
            probe: workload.container[probe]["httpGet"]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        }
        assert asked == {
            "startupProbe": {"path": "/health/live", "port": "http"},
            "livenessProbe": {"path": "/health/live", "port": "http"},
            "readinessProbe": {"path": "/health/ready", "port": "http"},
        }


@each_overlay
def test_a_pod_has_time_to_leave_and_to_end_its_longest_request(overlay: Path) -> None:
    guards = Guards()
    upload = guards.body_seconds * (1 + guards.upload_bytes / (1 << 20) / _SLOWEST_MEBIBYTES)
    longest = {"gateway": upload, "media": upload}
    for name, workload in _services(overlay).items():
        settings = Settings.from_environment(
            {k: v for k, v in workload.environment.items() if "SECRETS" not in k}
        )
        sleeping = workload.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        ending = sleeping + settings.leave_seconds + settings.drain_seconds
        assert workload.pod["terminationGracePeriodSeconds"] >= ending + 5
        assert settings.drain_seconds >= longest.get(name, GatewaySettings().subgraph_timeout)


@each_overlay
def test_the_gateway_finds_every_replica_where_it_looks_for_them(overlay: Path) -> None:
    services = named(build(overlay), "Service")
    told = Settings.from_environment(
        {k: v for k, v in _services(overlay)["gateway"].environment.items() if "SECRETS" not in k}
    )
    for name, url in told.subgraph_urls.items():
        found = services[told.ops.replicas.replace("{host}", urlsplit(url).hostname or "")]["spec"]
        (port,) = found["ports"]
        assert (found["clusterIP"], found["selector"]) == ("None", services[name]["spec"]["selector"])
        assert (port["port"], port["targetPort"]) == (urlsplit(url).port, "http"), (
            "pods have the port of the URL"
        )
    ((beside, other_port),) = told.ops.gateways
    found = services[beside]["spec"]
    assert (found["clusterIP"], found["selector"]) == ("None", services["gateway"]["spec"]["selector"])
    assert other_port in (None, told.port)
    assert told.port == _services(overlay)["gateway"].ports["http"]


_SLOWEST_MEBIBYTES = 20
"""In 40 seconds: 4 megabits a second. Slower uploads may be cut off by a rollout, and are sent again."""


@each_overlay
def test_the_ways_that_are_open_are_those_that_the_code_goes(overlay: Path) -> None:
    documents = build(overlay)
    inside = "development" in overlay.name
    used = {Edge("gateway", domain, _PORTS[domain]) for domain in DOMAINS}  # LETS_CONNECT_SUBGRAPH_URL_*
    used.add(Edge("gateway", "gateway", _PORTS["gateway"]))  # LETS_CONNECT_OPS_GATEWAYS
    used.add(Edge("media", "user", 8001))  # LETS_CONNECT_TOKEN_JWKS_URL: POST /upload has access tokens
    used |= {
        Edge("prometheus", name, w.ports.get("metrics", _PORTS[name]))
        for name, w in _services(overlay).items()
    }
    if inside:
        runs = [*DOMAINS, *(f"migrate-{domain}" for domain in DOMAINS)]
        used |= {Edge(name, "postgres", 5432) for name in runs}
        used |= {Edge(name, "redis", 6379) for name in SERVICES}
        used.add(Edge("media", "minio", 9000))
    traced = [*SERVICES, *(f"migrate-{domain}" for domain in DOMAINS)]
    used |= {Edge(name, "otel-collector", 4318) for name in traced}
    used |= {Edge("prometheus", "alertmanager", 9093), Edge("grafana", "prometheus", 9090)}
    assert set(edges(documents, "ingress")) == used
    out = set(edges(documents, "egress"))
    assert {e for e in out if e.port != "any"} == {e for e in used if e.source != "prometheus"} | {
        Edge("prometheus", "alertmanager", 9093)
    }
    assert {(e.source, e.port) for e in out if e.port == "any"} == {("prometheus", "any")}


@each_overlay
def test_whoever_needs_a_server_outside_may_reach_it_and_nobody_else(overlay: Path) -> None:
    reaching = {
        label: {name for name, w in _services(overlay).items() if f"lets-connect/reaches-{label}" in w.labels}
        for label in ("postgres", "redis", "objects")
    }
    assert reaching == {"postgres": set(DOMAINS), "redis": set(SERVICES), "objects": {"media"}}
    policies = named(build(overlay), "NetworkPolicy")
    assert {f"reaches-{label}" for label in reaching} <= set(policies)
    assert policies["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_autoscalers_ask_for_what_the_adapter_tells_and_the_code_measures() -> None:
    adapter = yaml.safe_load((FOLDER / "cluster" / "custom-metrics" / "config.yaml").read_text())
    told = {
        rule.get("name", {}).get("as") or rule["seriesQuery"].partition("{")[0]: rule[
            "seriesQuery"
        ].partition("{")[0]
        for rule in adapter["rules"]
    }
    asked = {
        name: metric["pods"]["metric"]["name"]
        for name, scaler in named(build(_PRODUCTION), "HorizontalPodAutoscaler").items()
        for metric in scaler["spec"]["metrics"]
        if metric["type"] == "Pods"
    }
    assert asked == {
        "gateway": "gateway_subscriptions_active",
        "media": "media_pool_jobs_queued",
        "messaging": "graphql_subscriptions_active",
    }
    assert set(asked.values()) == set(told)
    code = "".join(
        p.read_text() for folder in ("gateway", "subgraphs") for p in (_ROOT / folder).rglob("*.py")
    )
    assert [series for series in told.values() if f'"{series}"' not in code] == []


def test_the_adapter_asks_productions_prometheus_and_is_let_to_it() -> None:
    documents = build(FOLDER / "cluster" / "custom-metrics")
    adapter = named(documents, "Deployment")["prometheus-adapter"]["spec"]["template"]["spec"]["containers"]
    (url,) = (urlsplit(arg.partition("=")[2]) for arg in adapter[0]["args"] if "prometheus-url" in arg)
    prometheus = named(build(_PRODUCTION), "Service")["prometheus"]
    namespace = prometheus["metadata"]["namespace"]
    assert url.hostname == f"prometheus.{namespace}.svc"
    assert url.port == prometheus["spec"]["ports"][0]["port"]
    (way, *_) = named(documents, "NetworkPolicy")["prometheus-adapter"]["spec"]["egress"]
    assert way["to"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": namespace}


def test_prometheus_finds_each_service_where_its_metrics_are() -> None:
    config = yaml.safe_load((FOLDER / "components" / "monitoring" / "prometheus.yml").read_text())
    job = next(one for one in config["scrape_configs"] if one["job_name"] == "lets-connect")
    keep = next(rule for rule in job["relabel_configs"] if rule.get("action") == "keep")
    targets = {
        f"{name};{port}"
        for name, workload in _services(_PRODUCTION).items()
        for port in workload.ports
        if re.fullmatch(keep["regex"], f"{name};{port}")
    }
    assert targets == {"gateway;metrics", *(f"{domain};http" for domain in DOMAINS)}
    selected = job["kubernetes_sd_configs"][0]["selectors"][0]["label"]
    assert {selected} == {
        f"app.kubernetes.io/part-of={w.labels['app.kubernetes.io/part-of']}"
        for w in _services(_PRODUCTION).values()
    }
    prometheus = named(build(_PRODUCTION), "StatefulSet")["prometheus"]["spec"]
    assert "--storage.tsdb.retention.time=30d" in prometheus["template"]["spec"]["containers"][0]["args"]
    assert prometheus["volumeClaimTemplates"][0]["metadata"]["name"] == "data"


def _paths(documents: tuple[Document, ...]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for route in named(documents, "HTTPRoute").values():
        for rule in route["spec"]["rules"]:
            found |= {(m["path"]["type"], m["path"]["value"]) for m in rule.get("matches", ())}
    for ingress in named(documents, "Ingress").values():
        (only,) = ingress["spec"]["rules"]
        found |= {(p["pathType"], p["path"]) for p in only["http"]["paths"]}
    return found


def test_every_redis_of_ours_is_bounded_and_keeps_what_has_no_expiry() -> None:
    compose = yaml.safe_load((_ROOT / "infra/docker/compose.yaml").read_text())["services"]["redis"][
        "command"
    ]
    servers = yaml.safe_load_all((FOLDER / "components/servers/redis.yaml").read_text())
    (args,) = (
        document["spec"]["template"]["spec"]["containers"][0]["args"]
        for document in servers
        if document["kind"] in ("Deployment", "StatefulSet")
    )
    told = [shlex.split(line) for line in VALKEY_SETTINGS.splitlines()]
    embedded = [word for name, *values in told for word in (f"--{name}", *values)]
    for command in (compose, args, embedded):
        given = dict(pairwise(command))
        assert given["--appendonly"] == "yes"
        assert given["--maxmemory-policy"] == "volatile-lru"
        assert re.fullmatch(r"[1-9]\d*mb", given["--maxmemory"])


@each_overlay
def test_under_api_the_way_in_names_the_allow_list_and_nothing_else(overlay: Path) -> None:
    shown = ["users" if domain == "user" else domain for domain in DOMAINS]
    allowed = {f"/api/{name}/{path}" for name in shown for path in ("health", "health/live", "health/ready")}
    allowed |= {"/api/media/upload", "/api/media/public/files"}
    paths = _paths(build(overlay))
    assert {path for _, path in paths if path.startswith("/api")} == allowed
    assert {kind for kind, path in paths if path.startswith("/api")} == {"Exact"}
    assert not [path for _, path in paths if "metrics" in path]
    assert {("Exact", "/graphql")} < paths
