"""Plans with ``@defer`` on what is no entity, on interfaces, and on fields that require others."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


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
