import { afterEach, describe, expect, it } from 'vitest';
import { fetcherAt, type Access } from '../../graphiql/fetcher';
import { serve } from '../graphql/support';

let close: () => Promise<unknown> = () => Promise.resolve();
afterEach(() => close());

/** Which authorization the graph is asked with, by an introspection that has these headers. */
async function authorization(access: Access, headers: Record<string, string> = {}) {
  const server = await serve(() => ({ body: '{"data":null}' }));
  close = server.close;
  const fetcher = fetcherAt(new URL(server.url).origin, access, fetch);
  await fetcher({ query: '{ __typename }', operationName: 'IntrospectionQuery' }, { headers });
  return server.asked.map((asked) => asked.authorization);
}

describe('GraphiQL', () => {
  it('asks as whoever is signed in', async () => {
    expect(await authorization(() => Promise.resolve('abc'))).toEqual(['Bearer abc']);
  });

  it('asks as whom the headers say', async () => {
    expect(await authorization(() => Promise.resolve('abc'), { authorization: 'Bearer own' })).toEqual(['Bearer own']);
  });

  it('asks as nobody where nobody is signed in, or the session cannot be renewed', async () => {
    expect(await authorization(() => Promise.resolve(null))).toEqual([undefined]);
    expect(await authorization(() => Promise.reject(new Error('no such mutation')))).toEqual([undefined]);
  });
});
