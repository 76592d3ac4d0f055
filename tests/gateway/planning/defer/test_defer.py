"""Plans with ``@defer``: what comes first, what comes later, and what each part waits for."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


def test_a_deferred_part_of_an_entity_asks_the_same_subgraph_anew_by_its_key() -> None:
    assert_plan(
        "bookshop",
        '{ newBooks { title ... @defer(label: "x") { title price weight } } }',
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
                    __typename
                    title
                    isbn
                  }
                }
              }
            }, [
              Deferred(depends: [0], path: "newBooks", label: "x") {
                {
                  price
                  weight
                }:
                Flatten(path: "newBooks.@") {
                  Fetch(service: "books") {
                    {
                      ... on Book {
                        __typename
                        isbn
                      }
                    } =>
                    {
                      ... on Book {
                        price
                        weight
                      }
                    }
                  },
                }
              },
            ]
          },
        }
        """,
        defer=True,
    )


def test_deferred_parts_nest_and_each_waits_only_for_its_keys() -> None:
    assert_plan(
        "bookshop",
        '{ newBooks { title ... @defer { opinions { text author { ... @defer(label: "who") { name } } } } } }',
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
                    __typename
                    title
                    isbn
                  }
                }
              }
            }, [
              Deferred(depends: [0], path: "newBooks") {
                Defer {
                  Primary {
                    {
                      opinions {
                        text
                        author {
                          __typename
                        }
                      }
                    }:
                    Flatten(path: "newBooks.@") {
                      Fetch(service: "opinions", id: 1) {
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
                              author {
                                __typename
                                id
                              }
                            }
                          }
                        }
                      },
                    }
                  }, [
                    Deferred(depends: [1], path: "newBooks/opinions/author", label: "who") {
                      {
                        name
                      }:
                      Flatten(path: "newBooks.@.opinions.@.author") {
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
                      }
                    },
                  ]
                }
              },
            ]
          },
        }
        """,
        defer=True,
    )


def test_a_part_of_the_root_waits_for_nothing() -> None:
    assert_plan(
        "bookshop",
        '{ me { name } ... @defer(label: "people") { people { name } } }',
        """
        QueryPlan {
          Defer {
            Primary {
              {
                me {
                  name
                }
              }:
              Fetch(service: "people") {
                {
                  me {
                    name
                  }
                }
              }
            }, [
              Deferred(depends: [], path: "", label: "people") {
                {
                  people {
                    name
                  }
                }:
                Fetch(service: "people") {
                  {
                    people {
                      name
                    }
                  }
                }
              },
            ]
          },
        }
        """,
        defer=True,
    )


def test_what_a_mutation_gave_is_deferred_and_its_fields_stay_in_turn() -> None:
    assert_plan(
        "bookshop",
        'mutation { addOpinion(isbn: "1", text: "x") { id ... @defer { text author { name } } } rename(name: "b") { id } }',
        """
        QueryPlan {
          Defer {
            Primary {
              {
                addOpinion(isbn: "1", text: "x") {
                  id
                }
                rename(name: "b") {
                  id
                }
              }:
              Sequence {
                Fetch(service: "opinions", id: 0) {
                  {
                    addOpinion(isbn: "1", text: "x") {
                      __typename
                      id
                    }
                  }
                },
                Fetch(service: "people") {
                  {
                    rename(name: "b") {
                      id
                    }
                  }
                },
              }
            }, [
              Deferred(depends: [0], path: "addOpinion") {
                {
                  text
                  author {
                    name
                  }
                }:
                Sequence {
                  Flatten(path: "addOpinion") {
                    Fetch(service: "opinions") {
                      {
                        ... on Opinion {
                          __typename
                          id
                        }
                      } =>
                      {
                        ... on Opinion {
                          text
                          author {
                            __typename
                            id
                          }
                        }
                      }
                    },
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
                }
              },
            ]
          },
        }
        """,
        defer=True,
    )
