import { GraphQLFailure, asFailure, dataOf, failure, parseAnswer, type GraphQLAnswer } from '../graphql/errors';
import type { Tokens } from '../graphql/tokens';
import { decoded, nextEvents } from './events';
import { Ops, type OpsInput, type OpsResult } from './generated';

export type Snapshot = OpsResult['ops'];

export interface Watching {
  onSnapshot: (snapshot: Snapshot) => void;
  /** What it cannot get over by itself is `final`; otherwise it tries again. */
  onFailure: (failure: GraphQLFailure, final: boolean) => void;
}

export interface Surroundings {
  endpoint: string;
  tokens: Pick<Tokens, 'access' | 'renew'>;
  fetcher: typeof fetch;
  pause: (signal: AbortSignal) => Promise<void>;
}

/** The operators' subscription, opened again with a new token when the old one ends, until the returned function is called. */
export function watch(given: OpsInput, watching: Watching, around: Surroundings): () => void {
  const abort = new AbortController();
  void follow(given, watching, around, abort.signal);
  return () => abort.abort();
}

async function follow(given: OpsInput, watching: Watching, around: Surroundings, signal: AbortSignal): Promise<void> {
  const over = () => signal.aborted;
  while (!over()) {
    try {
      await once(given, watching, around, signal);
    } catch (error) {
      if (over()) return;
      const told = asFailure(error);
      const final = told.code === 'FORBIDDEN' || told.code === 'UNAUTHENTICATED' || told.code === 'BAD_USER_INPUT';
      watching.onFailure(told, final);
      if (final) return;
    }
    await around.pause(signal);
  }
}

/** One stream from its beginning to its end. */
async function once(given: OpsInput, watching: Watching, around: Surroundings, signal: AbortSignal): Promise<void> {
  const response = await opened(given, around, signal);
  if (!response.ok || response.body === null) {
    dataOf(parseAnswer<OpsResult>(response.status, await response.text()));
    throw failure('INTERNAL');
  }
  for await (const text of nextEvents(decoded(response.body))) {
    watching.onSnapshot(dataOf(JSON.parse(text) as GraphQLAnswer<OpsResult>).ops);
  }
}

async function opened(given: OpsInput, { endpoint, tokens, fetcher }: Surroundings, signal: AbortSignal) {
  const body = JSON.stringify({ query: Ops.text, operationName: Ops.name, variables: { given } });
  const send = (token: string | null) => {
    const headers: Record<string, string> = { Accept: 'text/event-stream', 'Content-Type': 'application/json' };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    return fetcher(endpoint, { method: 'POST', headers, body, signal }).catch(() => {
      throw failure('NETWORK');
    });
  };
  const token = await tokens.access();
  const response = await send(token);
  return response.status === 401 && token !== null ? send(await tokens.renew(token)) : response;
}
