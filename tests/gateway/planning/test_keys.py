"""Entering subgraphs by keys: chains, composite and nested keys, stubs that cannot be entered."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


def test_a_subgraph_that_answers_everything_is_asked_once() -> None:
    assert_plan(
        "parcels",
        '{ parcel(id: "1") { id sender } }',
        """
        QueryPlan {
          Fetch(service: "intake") {
            {
              parcel(id: "1") {
                id
                sender
              }
            }
          },
        }
        """,
    )


def test_a_key_another_subgraph_knows_is_fetched_on_the_way() -> None:
    assert_plan(
        "parcels",
        '{ parcel(id: "1") { status } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "intake") {
              {
                parcel(id: "1") {
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
                    status
                  }
                }
              },
            },
          },
        }
        """,
    )


def test_a_stub_that_cannot_be_entered_leads_to_the_entity_elsewhere() -> None:
    assert_plan(
        "parcels",
        '{ parcel(id: "1") { events { depot { city carriers { name } } } carrier { name } } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "intake") {
              {
                parcel(id: "1") {
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
                      __typename
                      id
                    }
                  }
                }
              },
            },
            Parallel {
              Sequence {
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
                        carriers {
                          name
                        }
                      }
                    }
                  },
                },
              },
              Flatten(path: "parcel.carrier") {
                Fetch(service: "fleet") {
                  {
                    ... on Carrier {
                      __typename
                      id
                    }
                  } =>
                  {
                    ... on Carrier {
                      name
                    }
                  }
                },
              },
            },
          },
        }
        """,
    )


def test_a_key_the_client_asked_under_another_name_is_fetched_under_its_own() -> None:
    assert_plan(
        "parcels",
        '{ parcel(id: "1") { id: sender code: status } }',
        """
        QueryPlan {
          Sequence {
            Fetch(service: "intake") {
              {
                parcel(id: "1") {
                  __typename
                  id: sender
                  _id_0: id
                }
              }
            },
            Flatten(path: "parcel") {
              Fetch(service: "labels") {
                {
                  ... on Parcel {
                    __typename
                    id: _id_0
                  }
                } =>
                {
                  ... on Parcel {
                    _code_0: code
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
                    code: _code_0
                    carrier {
                      id
                    }
                  }
                } =>
                {
                  ... on Parcel {
                    code: status
                  }
                }
              },
            },
          },
        }
        """,
    )
