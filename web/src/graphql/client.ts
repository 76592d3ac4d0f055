import type { Typed } from './document';
import { GraphQLFailure, dataOf, failure, isUnauthenticated, parseAnswer, type GraphQLAnswer } from './errors';
import { RefreshSession } from './generated';
import { recordOf, type SessionRecord } from './session';
import type { Tokens } from './tokens';
import { TICKET, type Traces } from './trace';

export interface Outgoing {
  name: string;
  text: string;
  variables: unknown;
}

/** Sends one operation with one token, and never throws for what the server answers. */
export type Send = <Data>(operation: Outgoing, token: string | null, signal?: AbortSignal) => Promise<GraphQLAnswer<Data>>;

export function sendOverHttp(endpoint: string, traces: Traces, fetcher: typeof fetch = fetch): Send {
  return async <Data>(operation: Outgoing, token: string | null, signal?: AbortSignal) => {
    const traced = traces.request(operation.name);
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      traceparent: traced.header,
    };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    const body = JSON.stringify({
      operationName: operation.name,
      query: operation.text,
      variables: operation.variables,
    });
    try {
      const response = await fetcher(endpoint, { method: 'POST', headers, body, signal: signal ?? null });
      const text = await response.text();
      traced.ended(response.status, response.headers.get(TICKET));
      return parseAnswer<Data>(response.status, text, traced.trace);
    } catch (error) {
      traced.ended(0, null);
      if (signal?.aborted) throw error;
      throw failure('NETWORK');
    }
  };
}

/** Runs `attempt` with a good token, and once more with a new one where the server refuses it. */
export async function withToken<Data>(
  tokens: Tokens,
  attempt: (token: string | null) => Promise<GraphQLAnswer<Data>>,
): Promise<Data> {
  const token = await tokens.access();
  const answer = await attempt(token);
  if (token === null || !isUnauthenticated(answer)) return dataOf(answer);
  return dataOf(await attempt(await tokens.renew(token)));
}

export class Client {
  constructor(
    private readonly send: Send,
    private readonly tokens: Tokens,
  ) {}

  request<Result, Variables>(
    document: Typed<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    const operation = { name: document.name, text: document.text, variables };
    return withToken<Result>(this.tokens, (token) => this.send<Result>(operation, token, signal));
  }
}

/** The trade of a refresh token, which itself goes without an access token. */
export function exchangeOver(send: Send, now: () => number = Date.now) {
  return async (refreshToken: string): Promise<SessionRecord | null> => {
    const operation = { name: RefreshSession.name, text: RefreshSession.text, variables: { input: { refreshToken } } };
    try {
      const data = dataOf(await send<NonNullable<ReturnType<NonNullable<typeof RefreshSession.__types>>>>(operation, null));
      const session = data.refreshSession.session;
      return session === null ? null : recordOf(session, now());
    } catch (error) {
      // Only a refusal ends the session: a server that is down or busy does not.
      if (error instanceof GraphQLFailure && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    }
  };
}
