import { describe, expect, it } from 'vitest';
import type { Typed } from '../../src/graphql/document';
import { Live } from '../../src/graphql/live';
import type { SessionRecord } from '../../src/graphql/session';
import { Tokens } from '../../src/graphql/tokens';
import { NOW, PARENT, handover, queue, record, storeWith, traces, type Told } from './support';

const NEWS: Typed<{ news: string }, object> = { name: 'News', text: 'subscription News{news}' };

/** What of WebSocket the client touches, with the server's side in the test's hands. */
class Socket {
  readyState = 0;
  readonly sent: Array<Record<string, unknown>> = [];
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen();
  }

  says(frame: object): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  breaks(code: number): void {
    this.readyState = 3;
    this.onclose({ code });
  }
}

function setup(session: SessionRecord | null = record('old')) {
  const told: Told[] = [];
  const tracing = traces(told);
  const sockets: Socket[] = [];
  const timers: Array<() => void> = [];
  const store = storeWith(session);
  const tokens = new Tokens(store, () => Promise.resolve(record('new')), queue(), handover(), () => NOW);
  const connect = () => {
    const socket = new Socket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  };
  const after = (_: number, run: () => void) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  };
  return { live: new Live(connect, tokens, tracing, { after }), sockets, timers, store, told, tracing };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function watching(parts: ReturnType<typeof setup>) {
  const heard: unknown[] = [];
  let gaps = 0;
  const stop = parts.live.watch(NEWS, {}, { onData: (data) => heard.push(data), onGap: () => (gaps += 1) });
  await settled();
  return { heard, stop, gaps: () => gaps };
}

function at<T>(items: T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

const SUBSCRIBE = { type: 'subscribe', id: '1', payload: { operationName: 'News', query: NEWS.text, variables: {}, extensions: { traceparent: PARENT } } };

describe('Live', () => {
  it('opens with the token, subscribes, hears events and answers pings', async () => {
    const parts = setup();
    const { heard } = await watching(parts);
    const socket = at(parts.sockets, 0);
    socket.opens();
    socket.says({ type: 'connection_ack' });
    socket.says({ type: 'ping' });
    socket.says({ type: 'next', id: '1', payload: { data: { news: 'one' } } });
    socket.says({ type: 'next', id: '9', payload: { data: { news: 'another’s' } } });
    expect(heard).toEqual([{ news: 'one' }]);
    expect(socket.sent).toEqual([
      { type: 'connection_init', payload: { Authorization: 'Bearer access-old' } },
      SUBSCRIBE,
      { type: 'pong' },
    ]);
  });

  it('opens nothing for a signed-out caller, and opens once signed in', async () => {
    const parts = setup(null);
    await watching(parts);
    expect(parts.sockets).toHaveLength(0);
    parts.store.set(record('a'));
    parts.live.restart();
    await settled();
    expect(parts.sockets).toHaveLength(1);
  });

  it('comes back after a break with a new token where the old was refused, and tells of the gap', async () => {
    const parts = setup();
    const { gaps } = await watching(parts);
    at(parts.sockets, 0).opens();
    at(parts.sockets, 0).breaks(4403);
    await settled();
    at(parts.timers, 0)();
    await settled();
    const again = at(parts.sockets, 1);
    again.opens();
    again.says({ type: 'connection_ack' });
    expect(again.sent).toEqual([{ type: 'connection_init', payload: { Authorization: 'Bearer access-new' } }, SUBSCRIBE]);
    expect(gaps()).toBe(1);
  });

  it('closes a while after the last watcher left, never while it still connects', async () => {
    const parts = setup();
    const { stop } = await watching(parts);
    const socket = at(parts.sockets, 0);
    stop();
    expect(socket.readyState).toBe(0);
    socket.opens();
    socket.says({ type: 'connection_ack' });
    expect(socket.readyState).toBe(1);
    at(parts.timers, 0)();
    expect(socket.readyState).toBe(3);
  });

  it('keeps the socket for a watcher that comes before the wait is over', async () => {
    const parts = setup();
    const { stop } = await watching(parts);
    const socket = at(parts.sockets, 0);
    socket.opens();
    socket.says({ type: 'connection_ack' });
    stop();
    const second = await watching(parts);
    at(parts.timers, 0)();
    socket.says({ type: 'next', id: '2', payload: { data: { news: 'two' } } });
    expect(second.heard).toEqual([{ news: 'two' }]);
    expect(parts.sockets).toHaveLength(1);
  });

  it('tells how each subscription ended', async () => {
    const parts = setup();
    const stop = [];
    for (let number = 0; number < 4; number++) stop.push((await watching(parts)).stop);
    const socket = at(parts.sockets, 0);
    socket.opens();
    parts.tracing.request('Feed').ended(200, 'ticket');
    socket.says({ type: 'connection_ack' });
    parts.tracing.request('Feed').ended(200, 'ticket');
    socket.says({ type: 'complete', id: '1' });
    socket.says({ type: 'error', id: '2', payload: [] });
    at(stop, 2)();
    at(stop, 0)();
    socket.breaks(1006);
    const ends = parts.told.flatMap(({ streams }) => streams.map(({ operation, end }) => `${operation} ${end}`));
    expect(ends).toEqual(['News complete', 'News error', 'News left', 'News lost']);
  });
});
