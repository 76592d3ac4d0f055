"""Plans with ``@defer`` that a variable, a literal or the client switches off."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan, plan_of


def test_a_variable_decides_between_two_plans() -> None:
    assert_plan(
        "bookshop",
        "query ($late: Boolean!) { newBooks { title ... @defer(if: $late) { inStock } } }",
        """
        QueryPlan {
          Condition(if: $late) {
            Then {
              Defer {
                Primary {
                  {
                    newBooks {
                      title
                    }
                  }:
                  Fetch(service: "books", id: 0) {
                    {
                      newBooks {
                        __typename
                        title
                        isbn
                      }
                    }
                  }
                }, [
                  Deferred(depends: [0], path: "newBooks") {
                    {
                      inStock
                    }:
                    Flatten(path: "newBooks.@") {
                      Fetch(service: "stock") {
                        {
                          ... on Book {
                            __typename
                            isbn
                          }
                        } =>
                        {
                          ... on Book {
                            inStock
                          }
                        }
                      },
                    }
                  },
                ]
              }
            } Else {
              Sequence {
                Fetch(service: "books") {
                  {
                    newBooks {
                      __typename
                      title
                      isbn
                    }
                  }
                },
                Flatten(path: "newBooks.@") {
                  Fetch(service: "stock") {
                    {
                      ... on Book {
                        __typename
                        isbn
                      }
                    } =>
                    {
                      ... on Book {
                        inStock
                      }
                    }
                  },
                },
              }
            }
          },
        }
        """,
        defer=True,
    )


def test_conditions_on_a_deferred_fragment_hold_for_its_fetch() -> None:
    assert_plan(
        "bookshop",
        "query ($a: Boolean!) { newBooks { title ... @defer @include(if: $a) { inStock } } }",
        """
        QueryPlan {
          Defer {
            Primary {
              {
                newBooks {
                  title
                }
              }:
              Fetch(service: "books", id: 0) {
                {
                  newBooks {
                    title
                    ... @include(if: $a) {
                      __typename
                      isbn
                    }
                  }
                }
              }
            }, [
              Deferred(depends: [0], path: "newBooks") {
                {
                  ... @include(if: $a) {
                    inStock
                  }
                }:
                Include(if: $a) {
                  Flatten(path: "newBooks.@") {
                    Fetch(service: "stock") {
                      {
                        ... on Book {
                          __typename
                          isbn
                        }
                      } =>
                      {
                        ... on Book {
                          inStock
                        }
                      }
                    },
                  },
                }
              },
            ]
          },
        }
        """,
        defer=True,
    )


def test_a_switched_off_defer_is_none() -> None:
    assert_plan(
        "bookshop",
        "{ newBooks { title ... @defer(if: false) { price } } }",
        """
        QueryPlan {
          Fetch(service: "books") {
            {
              newBooks {
                title
                price
              }
            }
          },
        }
        """,
        defer=True,
    )


def test_without_being_asked_to_nothing_is_deferred() -> None:
    deferred = plan_of("bookshop", "{ newBooks { title ... @defer { inStock } } }", defer=False)
    assert deferred == plan_of("bookshop", "{ newBooks { title inStock } }")
