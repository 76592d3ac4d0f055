"""The graph of the well-known gateway benchmark in our own words: users review products, four subgraphs know parts."""

from __future__ import annotations

from typing import Any

__all__ = ["QUERY", "SDL", "roots"]

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n'

SDL: dict[str, str] = {
    "accounts": _LINK
    + """
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
    """,
    "inventory": _LINK
    + """
    type Product @key(fields: "upc") {
      upc: String! weight: Int @external price: Int @external inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }
    """,
    "products": _LINK
    + """
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
    """,
    "reviews": _LINK
    + """
    type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }
    """,
}

QUERY = """
fragment Who on User { id username name }
fragment Said on Review { id body }
fragment What on Product { inStock name price shippingEstimate upc weight }
query Shop {
  users { ...Who reviews { ...Said product { ...What reviews { ...Said author { ...Who reviews { ...Said product { ...What } } } } } } }
  topProducts { ...What reviews { ...Said author { ...Who reviews { ...Said product { ...What } } } } }
}
"""

_NAMES = ("Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances")
_WORDS = [
    "sturdy",
    "light",
    "quiet",
    "bright",
    "small",
    "warm",
    "fine",
    "plain",
    "good",
    "soft",
    "round",
    "flat",
]


def roots() -> dict[str, dict[str, Any]]:
    """The data: for each subgraph its root fields and its entities by type and key."""
    users = {
        str(n): {
            "__typename": "User",
            "id": str(n),
            "name": f"{name} Example",
            "username": name.lower(),
            "birthday": 1900 + n,
        }
        for n, name in enumerate(_NAMES, 1)
    }
    products = {
        str(n): {
            "__typename": "Product", "upc": str(n), "name": f"A {_WORDS[n]} table", "price": 100 * n + 99, "weight": 50 * n,
            "inStock": n % 3 != 0, "shippingEstimate": (100 * n + 99 + 50 * n) // 10,
        }
        for n in range(1, 10)
    }  # fmt: skip
    reviews = []
    for n in range(1, 12):
        user, product = str(n % 2 + 1), str((n * 3) % 4 + 1)
        body = " ".join(_WORDS[(n * k) % 12] for k in range(1, 26 + 4 * (n % 3))) + "."
        reviews.append(
            {"__typename": "Review", "id": str(n), "body": body, "author": user, "product": product}
        )
    by_user = {u: [r for r in reviews if r["author"] == u] for u in users}
    by_product = {p: [r for r in reviews if r["product"] == p] for p in products}

    def review(one: dict[str, Any]) -> dict[str, Any]:
        user = {"__typename": "User", "id": one["author"], "username": users[one["author"]]["username"]}
        user["reviews"] = lambda *_: [review(r) for r in by_user[one["author"]]]
        product = {"__typename": "Product", "upc": one["product"]}
        product["reviews"] = lambda *_: [review(r) for r in by_product[one["product"]]]
        return {**one, "author": user, "product": product}

    return {
        "accounts": {"users": list(users.values()), "me": users["1"], "entities": {"User": users}},
        "inventory": {"entities": {"Product": products}},
        "products": {"topProducts": list(products.values())[:5], "entities": {"Product": products}},
        "reviews": {
            "entities": {
                "User": {u: {"__typename": "User", "id": u, "reviews": [review(r) for r in rs]} for u, rs in by_user.items()},
                "Product": {p: {"__typename": "Product", "upc": p, "reviews": [review(r) for r in rs]} for p, rs in by_product.items()},
            }
        },
    }  # fmt: skip
