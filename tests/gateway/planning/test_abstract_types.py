"""Interfaces and unions: asked as such where that is safe, else of each type in turn."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan, composed


def test_an_interface_field_is_asked_through_the_interface() -> None:
    assert_plan(
        "feed",
        "{ feed { id } }",
        """
        QueryPlan {
          Fetch(service: "stream") {
            {
              feed {
                __typename
                id
              }
            }
          },
        }
        """,
    )


def test_fields_of_one_type_follow_its_objects_alone() -> None:
    assert_plan(
        "feed",
        "{ feed { id ... on Clip { seconds } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "stream") {
              {
                feed {
                  __typename
                  id
                  ... on Clip {
                    __typename
                    id
                  }
                }
              }
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
                    seconds
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_an_interface_of_stubs_is_completed_where_their_fields_live() -> None:
    assert_plan(
        "feed",
        '{ node(id: "1") { id ... on Page { title } ... on Clip { seconds } } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "stream") {
              {
                node(id: "1") {
                  __typename
                  id
                  ... on Page {
                    __typename
                    id
                  }
                  ... on Clip {
                    __typename
                    id
                  }
                }
              }
            },
            Parallel {
              Flatten(path: "node") {
                Fetch(service: "wiki") {
                  {
                    ... on Page {
                      __typename
                      id
                    }
                  } =>
                  {
                    ... on Page {
                      title
                    }
                  }
                },
              },
              Flatten(path: "node") {
                Fetch(service: "video") {
                  {
                    ... on Clip {
                      __typename
                      id
                    }
                  } =>
                  {
                    ... on Clip {
                      seconds
                    }
                  }
                },
              },
            },
          },
        }
        """,
    )


def test_union_members_are_completed_together() -> None:
    assert_plan(
        "feed",
        '{ search(text: "x") { ... on Post { body } ... on Clip { name: title } } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "stream") {
              {
                search(text: "x") {
                  __typename
                  ... on Post {
                    body
                  }
                  ... on Clip {
                    __typename
                    id
                  }
                }
              }
            },
            Flatten(path: "search.@") {
              Fetch(service: "video") {
                {
                  ... on Clip {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Clip {
                    name: title
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_field_of_an_interface_object_is_fetched_for_every_implementation() -> None:
    assert_plan(
        "feed",
        "{ feed { likes ... on Post { body } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "stream") {
              {
                feed {
                  __typename
                  id
                  ... on Post {
                    body
                  }
                }
              }
            },
            Flatten(path: "feed.@") {
              Fetch(service: "likes") {
                {
                  ... on Item {
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
          },
        }
        """,
    )


def test_an_interface_object_is_known_as_such_where_nobody_asks_what_it_is() -> None:
    assert_plan(
        "feed",
        "{ liked { likes } }",
        """
        QueryPlan {
          Fetch(service: "likes") {
            {
              liked {
                __typename
                likes
              }
            }
          },
        }
        """,
    )


def test_a_union_seen_as_an_interface_is_asked_only_of_what_it_can_be() -> None:
    assert_plan(
        composed(
            zoo="""
            type Query { star: Star }
            union Star = Owl
            interface Animal { id: ID! }
            type Owl implements Animal @key(fields: "id") { id: ID! }
            type Fox implements Animal @key(fields: "id") { id: ID! }
            """,
            vet="""
            interface Animal { id: ID! weight: Int }
            type Owl implements Animal @key(fields: "id") { id: ID! weight: Int }
            type Fox implements Animal @key(fields: "id") { id: ID! weight: Int }
            """,
        ),
        "{ star { ... on Animal { weight } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "zoo") {
              {
                star {
                  __typename
                  ... on Animal {
                    ... on Owl {
                      __typename
                      id
                    }
                  }
                }
              }
            },
            Flatten(path: "star") {
              Fetch(service: "vet") {
                {
                  ... on Owl {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Owl {
                    weight
                  }
                }
              },
            },
          },
        }
        """,
    )
