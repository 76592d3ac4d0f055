// How GraphiQL asks the graph: over HTTP, answers in parts as they come, subscriptions over a WebSocket.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';

/** A token of whoever is signed in; null where nobody is. */
export type Access = () => Promise<string | null>;

/** Operations are asked as whoever is signed in to the web app, unless their own headers say as whom. */
export function fetcherAt(origin: string, access: Access, send: typeof fetch = fetch): Fetcher {
  const asked = createGraphiQLFetcher({
    url: `${origin}/graphql`,
    subscriptionUrl: `${origin.replace(/^http/, 'ws')}/graphql`,
    fetch: send,
  });
  return async (operation, options) => {
    const headers = await authorized(options?.headers ?? {}, access);
    return asked(operation, { ...options, headers });
  };
}

async function authorized(headers: Record<string, unknown>, access: Access): Promise<Record<string, unknown>> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return headers;
  // A session that cannot be renewed, left by another graph that was at this address, keeps nobody from asking.
  const token = await access().catch(() => null);
  return token === null ? headers : { ...headers, Authorization: `Bearer ${token}` };
}
