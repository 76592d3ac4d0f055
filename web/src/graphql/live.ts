import type { Typed } from './document';
import type { End } from './spans';
import type { Tokens } from './tokens';
import type { TracedStream, Traces } from './trace';

export interface Timer {
  after: (ms: number, run: () => void) => () => void;
}

export interface Watcher<Result> {
  onData: (data: Result) => void;
  /** The connection was lost and is back: events in between were missed. */
  onGap?: () => void;
}

interface Watch {
  document: Typed<unknown, unknown>;
  variables: unknown;
  onData: (data: unknown) => void;
  onGap?: (() => void) | undefined;
  /** As long as the server was asked for it, on the socket that there is. */
  traced?: TracedStream;
}

interface Frame {
  type: string;
  id?: string;
  payload?: { data?: unknown };
}

const LINGER_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

const clock: Timer = {
  after: (ms, run) => {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
};

/** Subscriptions over one WebSocket (`graphql-transport-ws`), opened for the first and closed after the last. */
export class Live {
  private readonly watches = new Map<string, Watch>();
  private socket: WebSocket | null = null;
  private acknowledged = false;
  private opening = false;
  private failures = 0;
  private serial = 0;
  private wasLost = false;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly connect: () => WebSocket,
    private readonly tokens: Tokens,
    private readonly traces: Traces,
    private readonly timer: Timer = clock,
  ) {}

  /** Events of `document` until the returned function is called. */
  watch<Result, Variables>(document: Typed<Result, Variables>, variables: Variables, watcher: Watcher<Result>) {
    const id = String(++this.serial);
    this.watches.set(id, { document, variables, ...watcher } as Watch);
    if (this.acknowledged) this.start(id);
    else void this.open();
    return () => this.drop(id);
  }

  /** The caller is another one now: what is open was opened for the last. */
  restart(): void {
    this.failures = 0;
    if (this.socket !== null) this.close();
    if (this.watches.size > 0) void this.open();
  }

  private async open(): Promise<void> {
    if (this.opening || this.socket !== null) return;
    this.opening = true;
    this.cancelTimer();
    const token = await this.tokens.access().catch(() => undefined);
    this.opening = false;
    if (token === null || this.watches.size === 0) return;
    if (token === undefined) return this.retry();
    const socket = this.connect();
    this.socket = socket;
    socket.onopen = () => this.send(socket, { type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
    socket.onmessage = (event: MessageEvent<string>) => this.receive(socket, JSON.parse(event.data) as Frame);
    socket.onclose = (event) => {
      if (this.socket === socket) void this.lost(token, event.code);
    };
  }

  private receive(socket: WebSocket, frame: Frame): void {
    if (socket !== this.socket) return;
    if (frame.type === 'ping') this.send(socket, { type: 'pong' });
    else if (frame.type === 'connection_ack') this.ready();
    else if (frame.id === undefined) return;
    else if (frame.type === 'complete' || frame.type === 'error') this.watches.get(frame.id)?.traced?.ended(frame.type);
    else if (frame.type === 'next') {
      const data = frame.payload?.data;
      if (data !== undefined && data !== null) this.watches.get(frame.id)?.onData(data);
    }
  }

  private ready(): void {
    this.acknowledged = true;
    this.failures = 0;
    for (const id of this.watches.keys()) this.start(id);
    if (this.wasLost) for (const watch of this.watches.values()) watch.onGap?.();
    this.wasLost = false;
    if (this.watches.size === 0) this.closeSoon();
  }

  private start(id: string): void {
    const watch = this.watches.get(id);
    if (watch === undefined || this.socket === null) return;
    const { name, text } = watch.document;
    watch.traced = this.traces.stream(name);
    const extensions = { traceparent: watch.traced.header };
    const payload = { operationName: name, query: text, variables: watch.variables, extensions };
    this.send(this.socket, { type: 'subscribe', id, payload });
  }

  private ended(end: End): void {
    for (const watch of this.watches.values()) watch.traced?.ended(end);
  }

  private drop(id: string): void {
    this.watches.get(id)?.traced?.ended('left');
    if (!this.watches.delete(id) || this.socket === null) return;
    if (this.acknowledged) this.send(this.socket, { type: 'complete', id });
    if (this.watches.size === 0 && this.acknowledged) this.closeSoon();
  }

  /** Not at once: going from page to page would close and open it each time. */
  private closeSoon(): void {
    this.cancelTimer();
    this.cancelTimer = this.timer.after(LINGER_MS, () => {
      if (this.watches.size === 0) this.close();
    });
  }

  private close(): void {
    const socket = this.socket;
    this.socket = null;
    this.acknowledged = false;
    this.ended('left');
    if (socket === null) return;
    // A browser reports closing a socket that is still connecting as an error, so that waits for the opening.
    if (socket.readyState === 0) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
  }

  private async lost(token: string, code: number): Promise<void> {
    this.socket = null;
    this.acknowledged = false;
    this.wasLost = true;
    this.ended('lost');
    if (code === 4401 || code === 4403) await this.tokens.renew(token).catch(() => null);
    if (this.watches.size > 0) this.retry();
  }

  private retry(): void {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    this.cancelTimer();
    this.cancelTimer = this.timer.after(wait * (0.5 + Math.random() / 2), () => void this.open());
  }

  private send(socket: WebSocket, frame: object): void {
    if (socket.readyState === 1) socket.send(JSON.stringify(frame));
  }
}
