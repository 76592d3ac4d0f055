import { describe, expect, it } from 'vitest';
import { linkTo, linked } from '../../graphiql/link';

const PAGE = 'http://127.0.0.1:8000/graphql?query=%7B%20old%20%7D&operationName=Old';

describe('A link to an operation', () => {
  it('has what GraphQL over HTTP calls its parts, and nothing of the one before', () => {
    const address = linkTo(PAGE, { query: 'query A($n: Int) { a(n: $n) }', variables: '{"n": 1}' });
    expect(address).toBe(
      'http://127.0.0.1:8000/graphql?query=query+A%28%24n%3A+Int%29+%7B+a%28n%3A+%24n%29+%7D&variables=%7B%22n%22%3A+1%7D',
    );
  });

  it('is read as it was written', () => {
    const operation = { query: '{ a(b: "&?=+ü") }', variables: '{}', operationName: 'A' };
    expect(linked(new URL(linkTo(PAGE, operation)).search)).toEqual(operation);
    expect(linked('')).toEqual({});
  });
});
