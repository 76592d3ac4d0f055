"""@skip and @include: inside operations, and around whole fetches."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan, composed, operations_of, plan_of


def test_a_condition_inside_an_operation_stays_there() -> None:
    assert_plan(
        "bookshop",
        "query ($full: Boolean!) { newBooks { isbn title @include(if: $full) price } }",
        """
        QueryPlan {
          Fetch(service: "books") {
            {
              newBooks {
                isbn
                title @include(if: $full)
                price
              }
            }
          },
        }
        """,
    )


def test_a_fetch_wholly_under_a_condition_is_only_made_where_it_holds() -> None:
    assert_plan(
        "bookshop",
        "query ($full: Boolean!) { newBooks { title opinions @include(if: $full) { text } } }",
        """
        QueryPlan {
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
            Include(if: $full) {
              Flatten(path: "newBooks.@") {
                Fetch(service: "opinions") {
                  {
                    ... on Book {
                      __typename
                      isbn
                    }
                  } =>
                  {
                    ... on Book {
                      opinions {
                        text
                      }
                    }
                  }
                },
              },
            },
          },
        }
        """,
    )


def test_a_fragment_under_a_condition_carries_it_into_other_subgraphs() -> None:
    assert_plan(
        "bookshop",
        "query ($less: Boolean!) { newBooks { title ... @skip(if: $less) { inStock } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks {
                  title
                  ... @skip(if: $less) {
                    __typename
                    isbn
                  }
                }
              }
            },
            Skip(if: $less) {
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
            },
          },
        }
        """,
    )


def test_constant_conditions_are_decided_when_planning() -> None:
    assert_plan(
        "bookshop",
        "{ newBooks { title price @skip(if: true) inStock @include(if: false) } }",
        """
        QueryPlan {
          Fetch(service: "books") {
            {
              newBooks {
                title
              }
            }
          },
        }
        """,
    )


def test_one_place_under_several_conditions_requires_of_each_only_what_is_fetched_under_it() -> None:
    assert_plan(
        "bookshop",
        "query ($a: Boolean!) { newBooks { title inStock } newBooks @skip(if: $a) { postage } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks {
                  __typename
                  title
                  isbn
                }
                newBooks @skip(if: $a) {
                  __typename
                  isbn
                  price
                  weight
                }
              }
            },
            Parallel {
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
              Skip(if: $a) {
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
            },
          },
        }
        """,
    )


def test_a_condition_that_holds_already_leaves_no_variable_behind() -> None:
    assert_plan(
        "bookshop",
        "query ($a: Boolean!, $b: Boolean!) { newBooks @skip(if: $a) { title @skip(if: $a) @include(if: $b) } }",
        """
        QueryPlan {
          Skip(if: $a) {
            Fetch(service: "books") {
              {
                newBooks {
                  title @include(if: $b)
                }
              }
            },
          },
        }
        """,
    )


def test_a_selection_that_both_conditions_of_one_variable_exclude_is_not_asked() -> None:
    assert_plan(
        "bookshop",
        "query ($a: Boolean!) { people { id name @skip(if: $a) @include(if: $a) } me @include(if: $a) @skip(if: $a) { name } }",
        """
        QueryPlan {
          Fetch(service: "people") {
            {
              people {
                id
              }
            }
          },
        }
        """,
    )


def test_conditions_within_conditions_are_taken_off_a_fetch_one_after_the_other() -> None:
    assert_plan(
        "bookshop",
        "query ($a: Boolean!, $b: Boolean!) { newBooks { title ... @skip(if: $a) { inStock @include(if: $b) } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks {
                  title
                  ... @skip(if: $a) {
                    __typename
                    isbn
                  }
                }
              }
            },
            Skip(if: $a) {
              Include(if: $b) {
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
              },
            },
          },
        }
        """,
    )


def test_a_fetch_that_was_only_passed_under_a_condition_keeps_nothing_of_it() -> None:
    graph = composed(
        menu="""
        type Query { dish: Dish }
        type Dish @key(fields: "id") { id: ID! }
        """,
        kitchen="""
        type Dish @key(fields: "id") { id: ID! spice: Int @external heat: Int @requires(fields: "spice") hot: Boolean }
        """,
        pantry="""
        type Dish @key(fields: "id") { id: ID! spice: Int }
        """,
    )
    plan = plan_of(graph, "query ($a: Boolean!) { dish { hot ... @include(if: $a) { heat } } }")
    assert [text for text in operations_of(plan) if "hot" in text] == [
        "query($representations:[_Any!]!){_entities(representations:$representations){... on Dish{hot}}}"
    ]


def test_an_unconditional_field_does_not_wait_for_what_a_conditional_one_requires() -> None:
    hits = composed(
        shop="""
        type Query { hits: [Hit] }
        interface Hit { id: ID! }
        type Book implements Hit @key(fields: "id") { id: ID! price: Int }
        type Film implements Hit @key(fields: "id") { id: ID! }
        """,
        stock="""
        type Book @key(fields: "id") {
          id: ID! left: Int price: Int @external cheap: Boolean @requires(fields: "price")
        }
        """,
    )
    assert_plan(
        hits,
        "query ($no: Boolean!) { hits { ... on Book { left } ... on Book @include(if: $no) { cheap } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "shop") {
              {
                hits {
                  __typename
                  ... on Book {
                    __typename
                    id
                  }
                  ... on Book @include(if: $no) {
                    __typename
                    id
                    price
                  }
                }
              }
            },
            Parallel {
              Flatten(path: "hits.@") {
                Fetch(service: "stock") {
                  {
                    ... on Book {
                      __typename
                      id
                    }
                  } =>
                  {
                    ... on Book {
                      left
                    }
                  }
                },
              },
              Include(if: $no) {
                Flatten(path: "hits.@") {
                  Fetch(service: "stock") {
                    {
                      ... on Book {
                        __typename
                        id
                        price
                      }
                    } =>
                    {
                      ... on Book {
                        cheap
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
