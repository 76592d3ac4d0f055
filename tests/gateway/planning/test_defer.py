"""Plans with ``@defer``: what comes first, what comes later, and what each part waits for."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan, plan_of


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


def test_a_part_of_what_is_no_entity_stays_with_what_is_around_it() -> None:
    assert_plan(
        "parcels",
        "{ parcel(id: 1) { events { at ... @defer { depot { city } } } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "intake") {
              {
                parcel(id: 1) {
                  __typename
                  id
                }
              }
            },
            Flatten(path: "parcel") {
              Fetch(service: "labels") {
                {
                  ... on Parcel {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Parcel {
                    code
                    carrier {
                      id
                    }
                  }
                }
              },
            },
            Flatten(path: "parcel") {
              Fetch(service: "tracking") {
                {
                  ... on Parcel {
                    __typename
                    code
                    carrier {
                      id
                    }
                  }
                } =>
                {
                  ... on Parcel {
                    events {
                      at
                      depot {
                        __typename
                        id
                      }
                    }
                  }
                }
              },
            },
            Flatten(path: "parcel.events.@.depot") {
              Fetch(service: "fleet") {
                {
                  ... on Depot {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Depot {
                    city
                  }
                }
              },
            },
          },
        }
        """,
        defer=True,
    )


def test_of_an_interface_each_type_is_entered_by_itself() -> None:
    assert_plan(
        "feed",
        "{ feed { id ... @defer { likes ... on Clip { title } } } }",
        """
        QueryPlan {
          Defer {
            Primary {
              {
                feed {
                  id
                }
              }:
              Fetch(service: "stream", id: 0) {
                {
                  feed {
                    __typename
                    id
                    ... on Clip {
                      __typename
                      id
                    }
                    ... on Post {
                      __typename
                      id
                    }
                  }
                }
              }
            }, [
              Deferred(depends: [0], path: "feed") {
                {
                  likes
                  ... on Clip {
                    title
                  }
                }:
                Parallel {
                  Flatten(path: "feed.@") {
                    Fetch(service: "likes") {
                      {
                        ... on Clip {
                          __typename
                          id
                        }
                        ... on Post {
                          __typename
                          id
                        }
                      } =>
                      {
                        ... on Item {
                          likes
                        }
                      }
                    },
                  },
                  Flatten(path: "feed.@") {
                    Fetch(service: "video") {
                      {
                        ... on Clip {
                          __typename
                          id
                        }
                      } =>
                      {
                        ... on Clip {
                          title
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


def test_what_a_deferred_field_requires_is_fetched_within_its_part() -> None:
    assert_plan(
        "bookshop",
        "{ newBooks { title ... @defer { postage } } }",
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
                {
                  postage
                }:
                Sequence {
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
                }
              },
            ]
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
