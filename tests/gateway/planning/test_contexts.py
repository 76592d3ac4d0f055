"""Arguments filled from a context that a type above sets: fetched first, then sent as a variable."""

from __future__ import annotations

from gateway.planning.printer import to_json
from tests.gateway.planning.harness import assert_plan, composed, operations_of, plan_of

SHOPS = composed(
    shops="""
    type Query { shop: Shop places: [Place] }
    interface Place @context(name: "place") { city: String }
    type Shop implements Place @key(fields: "id") @context(name: "currency") {
      id: ID! city: String currency: String! shelf: Shelf goods: [Good]
    }
    type Market implements Place { city: String stall: String }
    type Shelf { good: Good }
    type Good @key(fields: "id") {
      id: ID!
      price(digits: Int, in: String @fromContext(field: "$currency { currency }")): String
      sold(city: String @fromContext(field: "$place { city }")): Int
    }
    """,
    guide="""
    type Query { best: Shop }
    type Shop @key(fields: "id") { id: ID! famous: Good }
    type Good @key(fields: "id") { id: ID! stars: Int }
    """,
)


def test_a_value_from_above_is_fetched_before_the_field_that_takes_it() -> None:
    assert_plan(
        SHOPS,
        "{ shop { goods { price(digits: 2) } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "shops") {
              {
                shop {
                  goods {
                    __typename
                    id
                  }
                  currency
                }
              }
            },
            Flatten(path: "shop.goods.@") {
              Fetch(service: "shops") {
                {
                  ... on Good {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Good {
                    price(digits: 2, in: $contextualArgument__Good__price__in)
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_value_is_taken_from_the_nearest_type_above_that_sets_the_context_however_far() -> None:
    assert_plan(
        SHOPS,
        "{ shop { shelf { good { price } } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "shops") {
              {
                shop {
                  shelf {
                    good {
                      __typename
                      id
                    }
                  }
                  currency
                }
              }
            },
            Flatten(path: "shop.shelf.good") {
              Fetch(service: "shops") {
                {
                  ... on Good {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Good {
                    price(in: $contextualArgument__Good__price__in)
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_value_another_subgraph_has_is_waited_for() -> None:
    assert_plan(
        SHOPS,
        "{ best { famous { price stars } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "guide") {
              {
                best {
                  __typename
                  famous {
                    __typename
                    id
                    stars
                  }
                  id
                }
              }
            },
            Flatten(path: "best") {
              Fetch(service: "shops") {
                {
                  ... on Shop {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Shop {
                    currency
                  }
                }
              },
            },
            Flatten(path: "best.famous") {
              Fetch(service: "shops") {
                {
                  ... on Good {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Good {
                    price(in: $contextualArgument__Good__price__in)
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_value_is_selected_under_a_name_of_its_own_where_the_client_uses_its_name() -> None:
    assert_plan(
        SHOPS,
        "{ shop { currency: id goods { price } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "shops") {
              {
                shop {
                  currency: id
                  goods {
                    __typename
                    id
                  }
                  _currency_0: currency
                }
              }
            },
            Flatten(path: "shop.goods.@") {
              Fetch(service: "shops") {
                {
                  ... on Good {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Good {
                    price(in: $contextualArgument__Good__price__in)
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_the_plan_says_how_far_above_the_value_is_and_under_which_name() -> None:
    plan = to_json(plan_of(SHOPS, "{ shop { city: id shelf { good { sold } } } }"))
    last = plan["node"]["nodes"][-1]
    assert last["path"] == ["shop", "shelf", "good"]
    assert last["node"]["contextRewrites"] == [
        {
            "kind": "KeyRenamer",
            "path": ["..", "..", "_city_0"],
            "renameKeyTo": "contextualArgument__Good__sold__city",
        }
    ]
    assert last["node"]["operation"] == (
        "query($representations:[_Any!]!,$contextualArgument__Good__sold__city:String)"
        "{_entities(representations:$representations)"
        "{... on Good{sold(city: $contextualArgument__Good__sold__city)}}}"
    )


RELAYED = composed(
    shops="""
    type Query { shop: Shop }
    type Shop @key(fields: "id") @context(name: "currency") { id: ID! currency: String! }
    type Good @key(fields: "id") {
      id: ID!
      near: Good
      price(in: String @fromContext(field: "$currency { currency }")): String
    }
    """,
    guide="""
    type Shop @key(fields: "id") { id: ID! famous: [Good] }
    type Good @key(fields: "id") { id: ID! }
    """,
)


def test_a_value_is_taken_where_its_object_was_before_and_fields_below_an_entity_share_its_fetch() -> None:
    assert_plan(
        RELAYED,
        "{ shop { famous { price near { price } } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "shops") {
              {
                shop {
                  __typename
                  id
                  currency
                }
              }
            },
            Flatten(path: "shop") {
              Fetch(service: "guide") {
                {
                  ... on Shop {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Shop {
                    famous {
                      __typename
                      id
                    }
                  }
                }
              },
            },
            Flatten(path: "shop.famous.@") {
              Fetch(service: "shops") {
                {
                  ... on Good {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Good {
                    price(in: $contextualArgument__Good__price__in)
                    near {
                      price(in: $contextualArgument__Good__price__in)
                    }
                  }
                }
              },
            },
          },
        }
        """,
    )
    plan = to_json(plan_of(RELAYED, "{ shop { famous { near { price } } } }"))
    assert plan["node"]["nodes"][-1]["node"]["contextRewrites"] == [
        {
            "kind": "KeyRenamer",
            "path": ["..", "currency"],
            "renameKeyTo": "contextualArgument__Good__price__in",
        }
    ]


def test_a_field_under_a_condition_shares_the_fetch_of_one_that_takes_nothing_from_above() -> None:
    query = "query ($no: Boolean!) { shop { famous { near { id } ... @include(if: $no) { price } } } }"
    first, _, shared = operations_of(plan_of(RELAYED, query))
    assert first == "{shop{__typename id currency}}"
    assert shared == (
        "query($representations:[_Any!]!,$no:Boolean!,$contextualArgument__Good__price__in:String)"
        "{_entities(representations:$representations)"
        "{... on Good{near{id} ... @include(if: $no){price(in: $contextualArgument__Good__price__in)}}}}"
    )
