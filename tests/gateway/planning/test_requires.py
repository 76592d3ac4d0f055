"""Fields that require others: their arguments, chains, and values the client has under the same name."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


def test_required_fields_come_along_with_the_key() -> None:
    assert_plan(
        "bookshop",
        "{ newBooks { title postage } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks {
                  __typename
                  title
                  isbn
                  price
                  weight
                }
              }
            },
            Flatten(path: "newBooks.@") {
              Fetch(service: "stock") {
                {
                  ... on Book {
                    __typename
                    isbn
                    price
                    weight
                  }
                } =>
                {
                  ... on Book {
                    postage
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_required_fields_of_nested_entities_are_fetched_before() -> None:
    assert_plan(
        "orders",
        '{ order(id: "1") { duty } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "sales") {
              {
                order(id: "1") {
                  __typename
                  id
                  total(currency: "EUR")
                  buyer {
                    __typename
                    id
                  }
                }
              }
            },
            Flatten(path: "order.buyer") {
              Fetch(service: "crm") {
                {
                  ... on Buyer {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Buyer {
                    country
                  }
                }
              },
            },
            Flatten(path: "order") {
              Fetch(service: "tax") {
                {
                  ... on Order {
                    __typename
                    id
                    total
                    buyer {
                      country
                    }
                  }
                } =>
                {
                  ... on Order {
                    duty
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_required_field_may_itself_require_others() -> None:
    assert_plan(
        "orders",
        '{ order(id: "1") { flagged } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "sales") {
              {
                order(id: "1") {
                  __typename
                  id
                  total(currency: "EUR")
                  buyer {
                    __typename
                    id
                  }
                }
              }
            },
            Flatten(path: "order.buyer") {
              Fetch(service: "crm") {
                {
                  ... on Buyer {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Buyer {
                    country
                  }
                }
              },
            },
            Flatten(path: "order") {
              Fetch(service: "tax") {
                {
                  ... on Order {
                    __typename
                    id
                    total
                    buyer {
                      country
                    }
                  }
                } =>
                {
                  ... on Order {
                    duty
                  }
                }
              },
            },
            Flatten(path: "order") {
              Fetch(service: "audit") {
                {
                  ... on Order {
                    __typename
                    id
                    duty
                  }
                } =>
                {
                  ... on Order {
                    flagged
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_required_field_selected_with_other_arguments_gets_an_alias_of_its_own() -> None:
    assert_plan(
        "orders",
        '{ order(id: "1") { total(currency: "GBP") dollars } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "sales") {
              {
                order(id: "1") {
                  __typename
                  total(currency: "GBP")
                  id
                  _total_0: total(currency: "USD")
                }
              }
            },
            Flatten(path: "order") {
              Fetch(service: "tax") {
                {
                  ... on Order {
                    __typename
                    id
                    total: _total_0
                  }
                } =>
                {
                  ... on Order {
                    dollars
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_two_requirements_of_one_field_with_different_arguments_are_two_fetches() -> None:
    assert_plan(
        "orders",
        '{ order(id: "1") { dollars duty } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "sales") {
              {
                order(id: "1") {
                  __typename
                  id
                  total(currency: "USD")
                  _total_0: total(currency: "EUR")
                  buyer {
                    __typename
                    id
                  }
                }
              }
            },
            Parallel {
              Flatten(path: "order") {
                Fetch(service: "tax") {
                  {
                    ... on Order {
                      __typename
                      id
                      total
                    }
                  } =>
                  {
                    ... on Order {
                      dollars
                    }
                  }
                },
              },
              Sequence {
                Flatten(path: "order.buyer") {
                  Fetch(service: "crm") {
                    {
                      ... on Buyer {
                        __typename
                        id
                      }
                    } =>
                    {
                      ... on Buyer {
                        country
                      }
                    }
                  },
                },
                Flatten(path: "order") {
                  Fetch(service: "tax") {
                    {
                      ... on Order {
                        __typename
                        id
                        total: _total_0
                        buyer {
                          country
                        }
                      }
                    } =>
                    {
                      ... on Order {
                        duty
                      }
                    }
                  },
                },
              },
            },
          },
        }
        """,
    )
