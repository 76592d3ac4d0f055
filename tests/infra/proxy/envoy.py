"""A Gateway, its routes and policies as a plain Envoy has them.

What Envoy Gateway makes of the fields that we use (https://github.com/envoyproxy/gateway, internal/xds/translator), said in
Envoy's own words; a field that is not known here is an error, so that none goes untested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.infra.kubernetes.manifests import Document, named
from tests.infra.proxy.place import Place

__all__ = ["render"]

_TYPES = "type.googleapis.com/envoy"
_FILTERS = f"{_TYPES}.extensions.filters.http"
_LIMITS = "envoy.filters.http.local_ratelimit"
_CORS = "envoy.filters.http.cors"
_OVERRIDE = "envoy.filters.http.custom_response"
_UNLIMITED = {"max_tokens": 4294967295, "tokens_per_fill": 4294967295, "fill_interval": "1s"}
_MOST_CLIENTS = 10_000
"""As many as Envoy Gateway has each listener remember."""
_REDIRECTS = {301: "MOVED_PERMANENTLY", 302: "FOUND"}


def render(documents: Iterable[Document], place: Place) -> dict[str, Any]:
    """The whole configuration."""
    documents = list(documents)
    gateway = named(documents, "Gateway")["lets-connect"]["spec"]
    routes = named(documents, "HTTPRoute").values()
    client, backend, security = (
        named(documents, f"{kind}Policy")["lets-connect"]["spec"]
        for kind in ("ClientTraffic", "BackendTraffic", "Security")
    )
    _only(gateway, "gatewayClassName", "listeners")
    _only(security, "targetRefs", "cors")
    _only(
        backend,
        "targetRefs",
        "rateLimit",
        "responseOverride",
        "httpUpgrade",
        "timeout",
        "retry",
        "healthCheck",
    )
    listeners = []
    for listener in gateway["listeners"]:
        _only(listener, "name", "protocol", "port", "hostname", "tls")
        own = [r for r in routes if _section(r) == listener["name"]]
        hosts = [_host(route, backend, security["cors"]) for route in own]
        listeners.append(_listener(listener, _manager(client, backend, hosts, place), place))
    return {
        "admin": {"address": {"pipe": {"path": str(place.folder / "admin.sock")}}},
        "static_resources": {"listeners": listeners, "clusters": [_cluster(backend, place)]},
    }


def _only(given: Mapping[str, Any], *known: str) -> None:
    assert set(given) <= set(known), f"say here what Envoy Gateway makes of {set(given) - set(known)}"


def _section(route: Document) -> str:
    (parent,) = route["spec"]["parentRefs"]
    return str(parent["sectionName"])


def _listener(listener: Mapping[str, Any], manager: Any, place: Place) -> Any:
    secure = listener["protocol"] == "HTTPS"
    chain: dict[str, Any] = {
        "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    }
    if secure:
        _only(listener["tls"], "mode", "certificateRefs")
        assert listener["tls"]["mode"] == "Terminate"
        files = {
            "certificate_chain": {"filename": str(place.certificate)},
            "private_key": {"filename": str(place.key)},
        }
        chain["filter_chain_match"] = {"server_names": [listener["hostname"]]}
        chain["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{_TYPES}.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {"tls_certificates": [files], "alpn_protocols": ["h2", "http/1.1"]},
            },
        }
    inspector = {
        "name": "envoy.filters.listener.tls_inspector",
        "typed_config": {"@type": f"{_TYPES}.extensions.filters.listener.tls_inspector.v3.TlsInspector"},
    }
    address = {"address": "127.0.0.1", "port_value": place.https if secure else place.http}
    return {
        "name": listener["name"],
        "address": {"socket_address": address},
        "per_connection_buffer_limit_bytes": 32768,
        "listener_filters": [inspector] if secure else [],
        "filter_chains": [chain],
    }


def _manager(client: Mapping[str, Any], backend: Mapping[str, Any], hosts: list[Any], place: Place) -> Any:
    _only(client, "targetRefs", "clientIPDetection", "timeout")
    _only(client["clientIPDetection"], "xForwardedFor")
    _only(client["clientIPDetection"]["xForwardedFor"], "trustedCIDRs")
    times = client["timeout"]["http"]
    _only(times, "requestHeadersReceivedTimeout", "idleTimeout", "streamIdleTimeout")
    network, _, bits = place.believed.partition("/")
    detection = {
        "name": "envoy.extensions.http.original_ip_detection.xff",
        "typed_config": {
            "@type": f"{_TYPES}.extensions.http.original_ip_detection.xff.v3.XffConfig",
            "xff_trusted_cidrs": {"cidrs": [{"address_prefix": network, "prefix_len": int(bits)}]},
            "skip_xff_append": False,
        },
    }
    upgrades = [one["type"] for one in backend["httpUpgrade"]]
    return {
        "@type": f"{_TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "server_header_transformation": "PASS_THROUGH",
        "use_remote_address": False,
        "original_ip_detection_extensions": [detection],
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "UNESCAPE_AND_REDIRECT",
        "common_http_protocol_options": {
            "headers_with_underscores_action": "REJECT_REQUEST",
            "idle_timeout": times["idleTimeout"],
        },
        "request_headers_timeout": times["requestHeadersReceivedTimeout"],
        "stream_idle_timeout": _seconds(times["streamIdleTimeout"]),
        "upgrade_configs": [{"upgrade_type": kind} for kind in upgrades],
        "route_config": {"virtual_hosts": hosts},
        "http_filters": _filters(backend),
    }


def _filters(backend: Mapping[str, Any]) -> list[Any]:
    (override,) = backend["responseOverride"]
    _only(override, "source", "match", "response")
    _only(override["match"], "statusCodes")
    (status,) = override["match"]["statusCodes"]
    response = override["response"]
    _only(response, "contentType", "header", "body")
    assert (override["source"], status["type"], response["body"]["type"]) == ("Local", "Value", "Inline")
    headers = {"Content-Type": response["contentType"]} | {
        h["name"]: h["value"] for h in response["header"]["set"]
    }
    policy = {
        "@type": f"{_TYPES}.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy",
        "body_format": {"text_format": response["body"]["inline"]},
        "response_headers_to_add": [_header(name, value) for name, value in headers.items()],
    }
    both = [
        _equals("HttpResponseStatusCodeMatchInput", str(status["value"])),
        _equals("HttpResponseLocalReplyMatchInput", "true"),
    ]
    matcher = {
        "predicate": {"and_matcher": {"predicate": both}},
        "on_match": {"action": {"name": "response", "typed_config": policy}},
    }
    return [
        _filter(_CORS, "cors.v3.Cors"),
        _filter(
            _LIMITS,
            "local_ratelimit.v3.LocalRateLimit",
            stat_prefix="limits",
            max_dynamic_descriptors=_MOST_CLIENTS,
        ),
        _filter(
            _OVERRIDE,
            "custom_response.v3.CustomResponse",
            custom_response_matcher={"matcher_list": {"matchers": [matcher]}},
        ),
        _filter("envoy.filters.http.router", "router.v3.Router"),
    ]


def _filter(name: str, kind: str, **fields: Any) -> Any:
    return {"name": name, "typed_config": {"@type": f"{_FILTERS}.{kind}", **fields}}


def _equals(field: str, value: str) -> Any:
    given = {"name": field, "typed_config": {"@type": f"{_TYPES}.type.matcher.v3.{field}"}}
    return {"single_predicate": {"input": given, "value_match": {"exact": value}}}


def _header(name: str, value: str) -> Any:
    return {"header": {"key": name, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def _host(route: Document, backend: Mapping[str, Any], cors: Mapping[str, Any]) -> Any:
    spec = route["spec"]
    _only(spec, "parentRefs", "hostnames", "rules")
    names = spec.get("hostnames", ["*"])
    routes = [one for rule in spec["rules"] for one in _routes(rule, backend, cors)]
    return {
        "name": route["metadata"]["name"],
        "domains": [d for name in names for d in ([name] if name == "*" else [name, f"{name}:*"])],
        "routes": sorted(routes, key=lambda one: _precedence(one["match"])),
    }


def _precedence(match: Mapping[str, Any]) -> tuple[bool, int]:
    """Exact before prefix, longer before shorter, as Gateway API has it."""
    exact = "path" in match
    return not exact, -len(match["path"] if exact else match.get("path_separated_prefix", ""))


def _routes(rule: Mapping[str, Any], backend: Mapping[str, Any], cors: Mapping[str, Any]) -> Iterator[Any]:
    _only(rule, "matches", "timeouts", "filters", "backendRefs")
    for match in rule.get("matches", [{"path": {"type": "PathPrefix", "value": "/"}}]):
        _only(match, "path")
        one: dict[str, Any] = {"match": _match(match["path"])}
        for filter_ in rule.get("filters", ()):
            one |= _applied(filter_)
        if "redirect" not in one:
            (target,) = rule["backendRefs"]
            assert (target["name"], target["port"]) == ("gateway", 8000)
            one["route"] = _action(rule, backend)
            one["typed_per_filter_config"] = {_CORS: _cors(cors), _LIMITS: _limits(backend)}
        yield one


def _match(path: Mapping[str, str]) -> Any:
    if path["type"] == "Exact":
        return {"path": path["value"]}
    assert path["type"] == "PathPrefix"
    return {"prefix": "/"} if path["value"] == "/" else {"path_separated_prefix": path["value"]}


def _applied(filter_: Mapping[str, Any]) -> dict[str, Any]:
    if filter_["type"] == "RequestRedirect":
        given = filter_["requestRedirect"]
        _only(given, "scheme", "statusCode")
        return {
            "redirect": {"scheme_redirect": given["scheme"], "response_code": _REDIRECTS[given["statusCode"]]}
        }
    assert filter_["type"] == "ResponseHeaderModifier"
    _only(filter_["responseHeaderModifier"], "set")
    return {
        "response_headers_to_add": [
            _header(h["name"], h["value"]) for h in filter_["responseHeaderModifier"]["set"]
        ]
    }


def _action(rule: Mapping[str, Any], backend: Mapping[str, Any]) -> Any:
    _only(rule.get("timeouts", {}), "request")
    _only(backend["retry"], "numRetries", "retryOn")
    _only(backend["retry"]["retryOn"], "triggers")
    return {
        "cluster": "gateway",
        "timeout": rule.get("timeouts", {}).get("request", "15s"),
        "retry_policy": {
            "retry_on": ",".join(backend["retry"]["retryOn"]["triggers"]),
            "num_retries": backend["retry"]["numRetries"],
        },
    }


def _cors(cors: Mapping[str, Any]) -> Any:
    _only(cors, "allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "allowCredentials", "maxAge")
    return {
        "@type": f"{_FILTERS}.cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"exact": origin} for origin in cors["allowOrigins"]],
        "allow_methods": ", ".join(cors["allowMethods"]),
        "allow_headers": ", ".join(cors["allowHeaders"]),
        "expose_headers": ", ".join(cors["exposeHeaders"]),
        "allow_credentials": cors["allowCredentials"],
        "max_age": _seconds(cors["maxAge"]).rstrip("s"),
    }


def _limits(backend: Mapping[str, Any]) -> Any:
    """Each route of its own: Envoy Gateway counts by path."""
    _only(backend["rateLimit"], "local")
    _only(backend["rateLimit"]["local"], "rules")
    limits, descriptors = [], []
    for rule in backend["rateLimit"]["local"]["rules"]:
        _only(rule, "clientSelectors", "limit")
        (selector,) = rule["clientSelectors"]
        _only(selector, "sourceCIDR")
        assert (selector["sourceCIDR"]["type"], rule["limit"]["unit"]) == ("Distinct", "Second")
        cidr = selector["sourceCIDR"]["value"]
        mask = "v6_prefix_mask_len" if ":" in cidr else "v4_prefix_mask_len"
        limits.append(
            {
                "actions": [
                    {"masked_remote_address": {mask: int(cidr.partition("/")[2])}},
                    {"remote_address": {}},
                ]
            }
        )
        tokens = dict.fromkeys(("max_tokens", "tokens_per_fill"), rule["limit"]["requests"])
        descriptors.append(
            {
                "entries": [{"key": "masked_remote_address", "value": cidr}, {"key": "remote_address"}],
                "token_bucket": {**tokens, "fill_interval": "1s"},
            }
        )
    always = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return {
        "@type": f"{_FILTERS}.local_ratelimit.v3.LocalRateLimit",
        "stat_prefix": "limits",
        "token_bucket": _UNLIMITED,
        "filter_enabled": always,
        "filter_enforced": always,
        "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
        "max_dynamic_descriptors": _MOST_CLIENTS,
        "always_consume_default_token_bucket": False,
        "descriptors": descriptors,
        "rate_limits": limits,
    }


def _cluster(backend: Mapping[str, Any], place: Place) -> Any:
    health = backend["healthCheck"]["active"]
    _only(health, "type", "interval", "timeout", "unhealthyThreshold", "healthyThreshold", "http")
    _only(health["http"], "path", "expectedStatuses")
    host, _, port = place.gateway.partition(":")
    endpoint = {"address": {"socket_address": {"address": host, "port_value": int(port)}}}
    statuses = [{"start": status, "end": status + 1} for status in health["http"]["expectedStatuses"]]
    return {
        "name": "gateway",
        "type": "STATIC",
        "connect_timeout": "10s",
        "per_connection_buffer_limit_bytes": 32768,
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{_TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
                "common_http_protocol_options": {
                    "idle_timeout": backend["timeout"]["http"]["connectionIdleTimeout"]
                },
                "explicit_http_config": {"http_protocol_options": {}},
            }
        },
        "load_assignment": {
            "cluster_name": "gateway",
            "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}],
        },
        "health_checks": [
            {
                "interval": health["interval"],
                "timeout": health["timeout"],
                "unhealthy_threshold": health["unhealthyThreshold"],
                "healthy_threshold": health["healthyThreshold"],
                "http_health_check": {"path": health["http"]["path"], "expected_statuses": statuses},
            }
        ],
    }


def _seconds(duration: str) -> str:
    """Kubernetes' durations in Envoy's only unit."""
    factor = {"s": 1, "m": 60, "h": 3600}[duration[-1]]
    return f"{int(duration[:-1]) * factor}s"
