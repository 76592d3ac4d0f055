import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handover, Trade } from '../../src/graphql/handover';
import { SessionStore, type SessionRecord } from '../../src/graphql/session';
import { telling } from '../../src/graphql/spans';
import { Traces } from '../../src/graphql/trace';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const HOUR = 3_600_000;

export function record(name: string, goodUntil = NOW + HOUR): SessionRecord {
  return { accessToken: `access-${name}`, refreshToken: `refresh-${name}`, goodUntil };
}

export function storeWith(initial: SessionRecord | null): SessionStore {
  const kept = new Map<string, string>();
  const store = new SessionStore({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  });
  if (initial !== null) store.set(initial);
  return store;
}

/** A handover in memory, shared by the tabs that are given it. */
export function handover(): Handover {
  let last: Trade | null = null;
  return {
    last: () => Promise.resolve(last),
    leave: (trade) => {
      last = trade;
      return Promise.resolve();
    },
  };
}

export const TRACE = 'ab'.repeat(16);
export const PARENT = `00-${TRACE}-${'ab'.repeat(8)}-00`;

/** All of one trace. */
export const traces = (told: Told[] = []) =>
  new Traces({
    draw: (bytes) => 'ab'.repeat(bytes),
    now: () => 0,
    after: (_, run) => run(),
    tell: (deed, now) => void told.push(telling(deed, now)),
  });

export type Told = ReturnType<typeof telling>;

/** One piece of work at a time, as the browser's lock has it. */
export function queue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

export interface Asked {
  authorization: string | undefined;
  traceparent: string | undefined;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** A real HTTP server that remembers what it was asked. */
export async function serve(answer: (asked: Asked) => Answer) {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { authorization, traceparent } = request.headers;
      const one = { authorization, traceparent: traceparent as string | undefined, body };
      asked.push(one);
      const { status = 200, headers = {}, body: text } = answer(one);
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}/graphql`, asked, close };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
