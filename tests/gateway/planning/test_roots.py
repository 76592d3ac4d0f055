"""Root fields: parallel queries, mutations in series, streams, and what needs no subgraph."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


def test_root_fields_of_different_subgraphs_run_in_parallel() -> None:
    assert_plan(
        "bookshop",
        "{ me { name } newBooks { title } }",
        """
        QueryPlan {
          Parallel {
            Fetch(service: "people") {
              {
                me {
                  name
                }
              }
            },
            Fetch(service: "books") {
              {
                newBooks {
                  title
                }
              }
            },
          },
        }
        """,
    )


def test_introspection_alone_fetches_nothing() -> None:
    assert_plan(
        "bookshop",
        "{ __schema { queryType { name } } kind: __typename }",
        """
        QueryPlan {}
        """,
    )


def test_mutations_run_in_series_and_neighbours_share_a_request() -> None:
    assert_plan(
        "bookshop",
        """
        mutation {
          a: dropOpinion(id: "1")
          b: dropOpinion(id: "2")
          rename(name: "x") {
            name
          }
          addOpinion(isbn: "1", text: "y") {
            book {
              title
            }
          }
        }
        """,
        """
        QueryPlan {
          Sequence {
            Fetch(service: "opinions") {
              {
                a: dropOpinion(id: "1")
                b: dropOpinion(id: "2")
              }
            },
            Fetch(service: "people") {
              {
                rename(name: "x") {
                  name
                }
              }
            },
            Fetch(service: "opinions") {
              {
                addOpinion(isbn: "1", text: "y") {
                  book {
                    __typename
                    isbn
                  }
                }
              }
            },
            Flatten(path: "addOpinion.book") {
              Fetch(service: "books") {
                {
                  ... on Book {
                    __typename
                    isbn
                  }
                } =>
                {
                  ... on Book {
                    title
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_stream_is_completed_event_by_event() -> None:
    assert_plan(
        "bookshop",
        "subscription { opinionAdded { text book { title } } }",
        """
        QueryPlan {
          Subscription {
            Primary: {
              Fetch(service: "opinions") {
                {
                  opinionAdded {
                    text
                    book {
                      __typename
                      isbn
                    }
                  }
                }
              },
            },
            Rest: {
              Flatten(path: "opinionAdded.book") {
                Fetch(service: "books") {
                  {
                    ... on Book {
                      __typename
                      isbn
                    }
                  } =>
                  {
                    ... on Book {
                      title
                    }
                  }
                },
              },
            },
          },
        }
        """,
    )


def test_variables_go_only_where_they_are_used() -> None:
    assert_plan(
        "bookshop",
        """
        query Shelf($count: Int = 3, $first: Int) {
          newBooks(first: $count) {
            title
            opinions {
              author {
                opinions(first: $first) {
                  text
                }
              }
            }
          }
        }
        """,
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks(first: $count) {
                  __typename
                  title
                  isbn
                }
              }
            },
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
                      author {
                        opinions(first: $first) {
                          text
                        }
                      }
                    }
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_mutations_selected_twice_come_where_the_first_selected_one_stands() -> None:
    assert_plan(
        "bookshop",
        'mutation ($a: Boolean!) { rename(name: "x") @skip(if: $a) { id } dropOpinion(id: "1") rename(name: "x") { name } }',
        """
        QueryPlan {
          Condition(if: $a) {
            Then {
              Sequence {
                Fetch(service: "opinions") {
                  {
                    dropOpinion(id: "1")
                  }
                },
                Fetch(service: "people") {
                  {
                    rename(name: "x") {
                      name
                    }
                  }
                },
              }
            } Else {
              Sequence {
                Fetch(service: "people") {
                  {
                    rename(name: "x") {
                      id
                      name
                    }
                  }
                },
                Fetch(service: "opinions") {
                  {
                    dropOpinion(id: "1")
                  }
                },
              }
            }
          },
        }
        """,
    )


def test_mutations_under_one_condition_are_still_made_in_turn() -> None:
    assert_plan(
        "bookshop",
        'mutation ($a: Boolean!) { ... @skip(if: $a) { rename(name: "x") { id } dropOpinion(id: "1") } }',
        """
        QueryPlan {
          Sequence {
            Skip(if: $a) {
              Fetch(service: "people") {
                {
                  rename(name: "x") {
                    id
                  }
                }
              },
            },
            Skip(if: $a) {
              Fetch(service: "opinions") {
                {
                  dropOpinion(id: "1")
                }
              },
            },
          },
        }
        """,
    )


def test_mutations_of_one_subgraph_keep_the_order_of_the_client_whatever_is_below_them() -> None:
    assert_plan(
        "bookshop",
        'mutation { dropOpinion(id: "1") addOpinion(isbn: "1", text: "x") { author { name } } two: dropOpinion(id: "2") }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "opinions") {
              {
                dropOpinion(id: "1")
                addOpinion(isbn: "1", text: "x") {
                  author {
                    __typename
                    id
                  }
                }
                two: dropOpinion(id: "2")
              }
            },
            Flatten(path: "addOpinion.author") {
              Fetch(service: "people") {
                {
                  ... on Person {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Person {
                    name
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_mutations_selected_twice_in_a_row_are_one_whatever_the_conditions() -> None:
    assert_plan(
        "bookshop",
        'mutation ($a: Boolean!) { rename(name: "x") @skip(if: $a) { id } rename(name: "x") { name } dropOpinion(id: "1") }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "people") {
              {
                rename(name: "x") @skip(if: $a) {
                  id
                }
                rename(name: "x") {
                  name
                }
              }
            },
            Fetch(service: "opinions") {
              {
                dropOpinion(id: "1")
              }
            },
          },
        }
        """,
    )
