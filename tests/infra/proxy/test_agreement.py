"""What browsers are allowed, said by both ways in and by the doors themselves."""

from __future__ import annotations

from subgraphs.media.uploads import tus
from tests.infra.kubernetes.manifests import FOLDER, build, named

_PREFIX = "nginx.ingress.kubernetes.io/cors-"


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",")}


def test_both_ways_in_allow_browsers_the_same_and_what_the_doors_need() -> None:
    overlays = FOLDER / "overlays"
    ingress = named(build(overlays / "production-ingress-nginx"), "Ingress")["lets-connect"]
    annotations = ingress["metadata"]["annotations"]
    policy = named(build(overlays / "production"), "SecurityPolicy")["lets-connect"]["spec"]["cors"]
    pairs = {
        "allow-origin": "allowOrigins",
        "allow-methods": "allowMethods",
        "allow-headers": "allowHeaders",
        "expose-headers": "exposeHeaders",
    }
    for annotation, field in pairs.items():
        assert _words(annotations[_PREFIX + annotation]) == {word.lower() for word in policy[field]}
    told = {**tus._ALWAYS, **tus._BROWSERS}
    for header in ("allow-methods", "allow-headers", "expose-headers"):
        needed = _words(told[f"access-control-{header}"]) - {"x-http-method-override"}
        assert needed - _words(annotations[_PREFIX + header]) == set()


def test_both_ways_in_hold_a_client_to_the_same_rate_more_in_development_and_only_production_has_tls() -> (
    None
):
    for place, rate, secure in (("production", 100, True), ("development", 200, False)):
        ingress = named(build(FOLDER / "overlays" / f"{place}-ingress-nginx"), "Ingress")["lets-connect"]
        documents = build(FOLDER / "overlays" / place)
        policy = named(documents, "BackendTrafficPolicy")["lets-connect"]["spec"]
        limits = [rule["limit"] for rule in policy["rateLimit"]["local"]["rules"]]
        assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/limit-rps"] == str(rate)
        assert limits == [{"requests": rate, "unit": "Second"}] * 2
        listeners = {
            one["protocol"] for one in named(documents, "Gateway")["lets-connect"]["spec"]["listeners"]
        }
        assert ("tls" in ingress["spec"], listeners) == (secure, {"HTTP", "HTTPS"} if secure else {"HTTP"})
