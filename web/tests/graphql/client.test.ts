import { afterEach, describe, expect, it } from 'vitest';
import { Client, exchangeOver, sendOverHttp } from '../../src/graphql/client';
import type { GraphQLFailure } from '../../src/graphql/errors';
import type { Typed } from '../../src/graphql/document';
import { Tokens } from '../../src/graphql/tokens';
import { NOW, PARENT, TRACE, handover, queue, record, serve, storeWith, traces, type Answer, type Asked, type Told } from './support';

const HELLO: Typed<{ hello: string }, { to: string }> = { name: 'Hello', text: 'query Hello($to:String!){hello(to:$to)}' };
const GREETED = { body: '{"data":{"hello":"Ada"}}' };
const SESSION = { accessToken: 'access-new', refreshToken: 'refresh-new', expiresAt: '2026-03-01T12:15:00Z' };

let close: () => Promise<unknown> = () => Promise.resolve();
afterEach(() => close());

async function connected(answer: (asked: Asked) => Answer, signedInAs: string | null = null) {
  const server = await serve(answer);
  close = server.close;
  const store = storeWith(signedInAs === null ? null : record(signedInAs));
  const told: Told[] = [];
  const send = sendOverHttp(server.url, traces(told));
  const tokens = new Tokens(store, exchangeOver(send, () => NOW), queue(), handover(), () => NOW);
  return { client: new Client(send, tokens), asked: server.asked, store, told };
}

const isRefresh = (asked: Asked) => asked.body.includes('RefreshSession');

describe('Client', () => {
  it('sends the operation with its name and variables, and without a token when signed out', async () => {
    const { client, asked } = await connected(() => GREETED);
    expect(await client.request(HELLO, { to: 'Ada' })).toEqual({ hello: 'Ada' });
    expect(asked.map(({ body, ...headers }) => ({ ...headers, body: JSON.parse(body) as unknown }))).toEqual([
      { authorization: undefined, traceparent: PARENT, body: { operationName: 'Hello', query: HELLO.text, variables: { to: 'Ada' } } },
    ]);
  });

  it('tells its part of a trace that the answer says is kept, and of no other', async () => {
    const { client, told } = await connected(({ body }) => (body.includes('Bob') ? GREETED : { ...GREETED, headers: { 'X-Trace-Ticket': 't1' } }));
    await client.request(HELLO, { to: 'Bob' });
    await client.request(HELLO, { to: 'Ada' });
    expect(told.map(({ trace, ticket, requests }) => ({ trace, ticket, names: requests.map(({ operation }) => operation) }))).toEqual([
      { trace: TRACE, ticket: 't1', names: ['Hello', 'Hello'] },
    ]);
  });

  it.each([
    ['a 401', { status: 401, body: '{"errors":[{"message":"expired"}]}' }],
    ['UNAUTHENTICATED', { body: '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}' }],
  ])('renews its token once on %s and asks again, for all requests under way', async (_, refusal) => {
    const answer = (one: Asked): Answer => {
      if (isRefresh(one)) return { body: JSON.stringify({ data: { refreshSession: { session: SESSION, userErrors: [] } } }) };
      return one.authorization === 'Bearer access-new' ? GREETED : refusal;
    };
    const { client, asked, store } = await connected(answer, 'old');
    const answers = await Promise.all([1, 2, 3].map(() => client.request(HELLO, { to: 'Ada' })));
    expect(answers).toEqual([{ hello: 'Ada' }, { hello: 'Ada' }, { hello: 'Ada' }]);
    expect(asked.filter(isRefresh)).toHaveLength(1);
    expect(asked.filter(isRefresh)[0]?.authorization).toBeUndefined();
    expect(store.get()?.refreshToken).toBe('refresh-new');
  });

  it('goes on signed out where the session is over', async () => {
    const answer = (one: Asked): Answer => {
      if (isRefresh(one)) return { body: '{"data":{"refreshSession":{"session":null,"userErrors":[]}}}' };
      return one.authorization === undefined ? GREETED : { status: 401, body: '' };
    };
    const { client, store } = await connected(answer, 'old');
    expect(await client.request(HELLO, { to: 'Ada' })).toEqual({ hello: 'Ada' });
    expect(store.signedIn()).toBe(false);
  });

  it('uses data that came in part', async () => {
    const { client } = await connected(() => ({ body: '{"data":{"hello":null},"errors":[{"message":"x"}]}' }));
    expect(await client.request(HELLO, { to: 'Ada' })).toEqual({ hello: null });
  });

  it.each([
    ['an error with its code', { body: '{"errors":[{"message":"too deep","extensions":{"code":"DEPTH"}}]}' }, 'DEPTH', 'too deep'],
    ['a page of a proxy', { status: 502, body: '<html>' }, 'INTERNAL', 'Something went wrong on our side. Please try again.'],
    ['a fault of the server', { body: '{"errors":[{"message":"Oops","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}' }, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side. Please try again.'],
    ['a limit', { status: 429, body: '' }, 'RATE_LIMITED', 'That was a lot at once. Wait a moment and try again.'],
    ['a body too large', { status: 413, body: '' }, 'TOO_LARGE', 'This file is larger than the server takes.'],
  ])('fails plainly on %s', async (_, answer, code, message) => {
    const { client } = await connected(() => answer);
    await expect(client.request(HELLO, { to: 'Ada' })).rejects.toMatchObject({ code, message });
  });

  it.each([
    ['INTERNAL', TRACE, { status: 502, body: '<html>' }],
    ['SUBREQUEST_TIMEOUT', TRACE, { body: '{"errors":[{"message":"x","extensions":{"code":"SUBREQUEST_TIMEOUT"}}]}' }],
    ['RATE_LIMITED', null, { status: 429, body: '' }],
    ['DEPTH', null, { body: '{"errors":[{"message":"x","extensions":{"code":"DEPTH"}}]}' }],
  ])('tells by which trace %s is found: %s', async (code, trace, answer) => {
    const { client } = await connected(() => answer);
    const failure = await client.request(HELLO, { to: 'Ada' }).catch((error: unknown) => error as GraphQLFailure);
    expect(failure).toMatchObject({ code, trace });
    expect((failure as GraphQLFailure).told.includes(TRACE)).toBe(trace !== null);
  });

  it('says so when nobody answers', async () => {
    const { client } = await connected(() => GREETED);
    await close();
    close = () => Promise.resolve();
    await expect(client.request(HELLO, { to: 'Ada' })).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
