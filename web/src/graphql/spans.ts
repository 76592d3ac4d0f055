/** A request that a deed led to. Times are milliseconds since the page was asked for. */
export interface Request {
  id: string;
  operation: string;
  began: number;
  /** Below 0 while it is under way. */
  took: number;
  status: number;
}

/** A subscription that a deed led to. */
export interface Stream {
  id: string;
  operation: string;
  began: number;
  /** Below 0 while it is open. */
  took: number;
  end: End;
}

/** How it ended: the page had enough, or the server; the connection broke, or the server refused. */
export type End = 'left' | 'complete' | 'lost' | 'error';

/** What somebody did, and what it led to. */
export interface Deed {
  deed: 'load' | 'click' | 'submit' | 'change' | 'popstate' | 'later';
  trace: string;
  id: string;
  began: number;
  requests: Request[];
  /** Those of which nothing was told. */
  streams: Stream[];
  /** Without which the server takes nothing of this trace. */
  ticket: string | null;
  told: boolean;
}

const ENDPOINT = '/api/spans';
/** As much as the server takes. */
const MOST_REQUESTS = 50;
const MOST_STREAMS = 20;
const LONGEST_MS = 600_000;
const LONGEST_OPEN_MS = 7 * 24 * 3_600_000;

/** What the server is told: durations alone, since clocks differ. Of a deed that it was told of, what has ended since. */
export function telling(deed: Deed, now: number) {
  const requests = deed.requests.slice(0, MOST_REQUESTS);
  const ended = Math.max(...requests.map((request) => request.began + request.took));
  return {
    trace: deed.trace,
    ticket: deed.ticket,
    id: deed.id,
    deed: deed.deed,
    again: deed.told,
    ago: whole(now - deed.began, LONGEST_OPEN_MS),
    took: whole(ended - deed.began),
    requests: (deed.told ? [] : requests).map((request) => ({
      id: request.id,
      operation: request.operation,
      ago: whole(now - request.began),
      took: whole(request.took),
      status: request.status,
    })),
    streams: deed.streams.filter(over).slice(0, MOST_STREAMS).map((stream) => ({
      id: stream.id,
      operation: stream.operation,
      ago: whole(now - stream.began, LONGEST_OPEN_MS),
      took: whole(stream.took, LONGEST_OPEN_MS),
      end: stream.end,
    })),
  };
}

/** Nobody waits for it, and nobody misses it. */
export function tell(deed: Deed, now: number): void {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(telling(deed, now));
  void fetch(ENDPOINT, { method: 'POST', headers, body, keepalive: true, credentials: 'omit' }).catch(() => undefined);
}

/** Whether it has ended. */
export function over(one: Request | Stream): boolean {
  return one.took >= 0;
}

function whole(ms: number, most = LONGEST_MS): number {
  return Math.min(most, Math.max(0, Math.round(ms)));
}
