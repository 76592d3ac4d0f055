"""Fewer requests: provided fields, fused fetches and pooled places."""

from __future__ import annotations

from tests.gateway.planning.harness import assert_plan


def test_provided_fields_are_not_fetched_again() -> None:
    assert_plan(
        "bookshop",
        "{ newBooks { opinions { author { handle } } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "books") {
              {
                newBooks {
                  __typename
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
                        handle
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


def test_the_same_question_at_several_places_is_one_request() -> None:
    assert_plan(
        "bookshop",
        "{ people { opinions { book { title } } } me { opinions { book { title } } } }",
        """
        QueryPlan {
          Sequence {
            Fetch(service: "people") {
              {
                people {
                  __typename
                  id
                }
                me {
                  __typename
                  id
                }
              }
            },
            Flatten(path: "people.@", "me") {
              Fetch(service: "opinions") {
                {
                  ... on Person {
                    __typename
                    id
                  }
                } =>
                {
                  ... on Person {
                    opinions {
                      book {
                        __typename
                        isbn
                      }
                    }
                  }
                }
              },
            },
            Flatten(path: "people.@.opinions.@.book", "me.opinions.@.book") {
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


def test_seven_requests_answer_people_their_opinions_and_books() -> None:
    assert_plan(
        "bookshop",
        """
        fragment Person on Person {
          id
          handle
          name
        }

        fragment Opinion on Opinion {
          id
          text
        }

        fragment Book on Book {
          inStock
          title
          price
          postage
          isbn
          weight
        }

        {
          people {
            ...Person
            opinions {
              ...Opinion
              book {
                ...Book
                opinions {
                  ...Opinion
                  author {
                    ...Person
                    opinions {
                      ...Opinion
                      book {
                        ...Book
                      }
                    }
                  }
                }
              }
            }
          }
          newBooks {
            ...Book
            opinions {
              ...Opinion
              author {
                ...Person
                opinions {
                  ...Opinion
                  book {
                    ...Book
                  }
                }
              }
            }
          }
        }
        """,
        """
        QueryPlan {
          Sequence {
            Parallel {
              Sequence {
                Fetch(service: "people") {
                  {
                    people {
                      __typename
                      id
                      handle
                      name
                    }
                  }
                },
                Flatten(path: "people.@") {
                  Fetch(service: "opinions") {
                    {
                      ... on Person {
                        __typename
                        id
                      }
                    } =>
                    {
                      ... on Person {
                        opinions {
                          id
                          text
                          book {
                            __typename
                            isbn
                            opinions {
                              id
                              text
                              author {
                                __typename
                                id
                                handle
                                opinions {
                                  id
                                  text
                                  book {
                                    __typename
                                    isbn
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  },
                },
              },
              Sequence {
                Fetch(service: "books") {
                  {
                    newBooks {
                      __typename
                      isbn
                      title
                      price
                      weight
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
                          id
                          text
                          author {
                            __typename
                            id
                            handle
                            opinions {
                              id
                              text
                              book {
                                __typename
                                isbn
                              }
                            }
                          }
                        }
                      }
                    }
                  },
                },
              },
            },
            Parallel {
              Sequence {
                Flatten(path: "people.@.opinions.@.book", "people.@.opinions.@.book.opinions.@.author.opinions.@.book", "newBooks.@.opinions.@.author.opinions.@.book") {
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
                        price
                        weight
                      }
                    }
                  },
                },
                Flatten(path: "people.@.opinions.@.book", "people.@.opinions.@.book.opinions.@.author.opinions.@.book", "newBooks.@", "newBooks.@.opinions.@.author.opinions.@.book") {
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
                        inStock
                        postage
                      }
                    }
                  },
                },
              },
              Flatten(path: "people.@.opinions.@.book.opinions.@.author", "newBooks.@.opinions.@.author") {
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
          },
        }
        """,
    )
