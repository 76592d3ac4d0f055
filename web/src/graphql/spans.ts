/** A request that a deed led to. Times are milliseconds since the page was asked for. */
export interface Request {
  id: string;
  operation: string;
  began: number;
  /** Below 0 while it is under way. */
  took: number;
  status: number;
}

/** What somebody did, and what it led to. */
export interface Deed {
  deed: 'load' | 'click' | 'submit' | 'change' | 'popstate' | 'later';
  trace: string;
  id: string;
  began: number;
  requests: Request[];
  /** Without which the server takes nothing of this trace. */
  ticket: string | null;
  told: boolean;
}

const ENDPOINT = '/api/spans';
/** As much as the server takes. */
const MOST_REQUESTS = 50;
const LONGEST_MS = 600_000;

/** What the server is told: durations alone, since clocks differ. */
export function telling(deed: Deed, now: number) {
  const requests = deed.requests.slice(0, MOST_REQUESTS);
  const ended = Math.max(...requests.map((request) => request.began + request.took));
  return {
    trace: deed.trace,
    ticket: deed.ticket,
    id: deed.id,
    deed: deed.deed,
    ago: whole(now - deed.began),
    took: whole(ended - deed.began),
    requests: requests.map((request) => ({
      id: request.id,
      operation: request.operation,
      ago: whole(now - request.began),
      took: whole(request.took),
      status: request.status,
    })),
  };
}

/** Nobody waits for it, and nobody misses it. */
export function tell(deed: Deed, now: number): void {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(telling(deed, now));
  void fetch(ENDPOINT, { method: 'POST', headers, body, keepalive: true, credentials: 'omit' }).catch(() => undefined);
}

function whole(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, Math.round(ms)));
}
