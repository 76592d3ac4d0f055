"""What the product refuses at its doors."""

from __future__ import annotations

import httpx

from tests.end_to_end.product import Product


def test_a_thousand_logins_in_one_document_are_refused(product: Product) -> None:
    login = 'login(input: {login: "ada", password: "guess %d"}) { userErrors { code } }'
    document = "mutation {" + " ".join(f"a{n}: {login % n}" for n in range(1000)) + "}"
    answer = product.post(document)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["TOO_MANY_ALIASES"]
    assert answer.get("data") is None


def test_a_few_logins_in_one_document_are_bounded(product: Product) -> None:
    login = 'login(input: {login: "nobody %d", password: "guess"}) { userErrors { code } }'
    document = "mutation {" + " ".join(f"a{n}: {login % n}" for n in range(10)) + "}"
    answer = product.post(document)
    assert {e["extensions"]["code"] for e in answer["errors"]} == {"RATE_LIMITED"}


def test_wrong_passwords_are_limited_for_an_account_known_or_not(product: Product) -> None:
    query = (
        """mutation ($l: String!) { login(input: {login: $l, password: "wrong"}) { userErrors { code } } }"""
    )
    for login in ("farah", "nobody-at-all"):  # no other test signs her in: she is locked out
        seen = []
        for n in range(30):
            forged = {"x-forwarded-for": f"203.0.113.{n}"}
            answer = product.post(query, {"l": login}, **forged)
            code = (
                answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"]["login"]
            )
            seen.append(code if isinstance(code, str) else code["userErrors"][0]["code"])
        assert seen == ["INVALID_CREDENTIALS"] * 20 + ["RATE_LIMITED"] * 10


def test_a_bad_token_is_refused_and_never_anonymous(product: Product) -> None:
    answer = httpx.post(
        f"{product.url}/graphql",
        json={"query": "{ __typename }"},
        headers={"authorization": "Bearer nonsense"},
    )
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_only_the_listed_paths_of_services_are_reachable(product: Product) -> None:
    paths = {
        "/api/users/health": 200,
        "/api/content/health/live": 200,
        "/api/ai/health/ready": 200,
        "/api/media/public/files": 200,
        "/api/users/metrics": 404,
        "/api/users/graphql": 404,
        "/api/nobody/health": 404,
        "/api": 404,
        "/.well-known/jwks.json": 200,
        "/health/ready": 200,
    }
    assert {path: httpx.get(product.url + path).status_code for path in paths} == paths
