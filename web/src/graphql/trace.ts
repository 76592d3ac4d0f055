import { over, tell, type Deed, type End, type Stream } from './spans';

/** A request's place in a trace (https://www.w3.org/TR/trace-context/). */
export interface Traced {
  trace: string;
  /** The header `traceparent`. */
  header: string;
  /** It is over; `status` is 0 where no answer came, `ticket` what the answer said where its trace is kept. */
  ended: (status: number, ticket: string | null) => void;
}

/** A subscription's place in one. */
export interface TracedStream {
  header: string;
  /** It is over; what is said after that counts for nothing. */
  ended: (end: End) => void;
}

export interface Surroundings {
  draw: (bytes: number) => string;
  /** Milliseconds since the page was asked for. */
  now: () => number;
  after: (ms: number, run: () => void) => void;
  tell: typeof tell;
}

/** The header of answers to requests whose traces are kept. */
export const TICKET = 'x-trace-ticket';
const LASTS_MS = 30_000;
const QUIET_MS = 1_000;

const page: Surroundings = {
  draw: drawn,
  now: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
  tell,
};

/**
 * One trace for what somebody does: whatever a click or a page asks for is found together, by an id that can be told.
 * Where an answer says that its trace is kept, what was done here is told, too, once it is over.
 */
export class Traces {
  private kind: Deed['deed'] = 'load';
  private since = 0;
  private current: Deed | null = null;
  private readonly open = new Map<TracedStream, Deed>();

  constructor(private readonly around: Surroundings = page) {}

  /** Something else is being done now. */
  begin = (kind: Deed['deed']): void => {
    this.kind = kind;
    this.since = this.around.now();
    this.current = null;
  };

  /** For a subscription, which ends some day: it hangs on what was done, and is told of by itself when it is over. */
  stream(operation: string): TracedStream {
    const { draw, now } = this.around;
    const deed = this.deed();
    const stream: Stream = { id: draw(8), operation, began: now(), took: -1, end: 'left' };
    deed.streams.push(stream);
    const traced: TracedStream = {
      header: header(deed.trace, stream.id),
      ended: (end) => {
        if (!this.open.delete(traced)) return;
        Object.assign(stream, { took: now() - stream.began, end });
        this.tellSoon(deed);
      },
    };
    this.open.set(traced, deed);
    return traced;
  }

  /** The page goes: what is open ends with it, and nobody can tell of it later. */
  leave = (): void => {
    const deeds = new Set(this.open.values());
    for (const stream of [...this.open.keys()]) stream.ended('left');
    for (const deed of deeds) if (deed.ticket !== null) this.tellOf(deed);
  };

  request(operation: string): Traced {
    const { draw, now } = this.around;
    const deed = this.deed();
    const request = { id: draw(8), operation, began: now(), took: -1, status: 0 };
    deed.requests.push(request);
    return {
      trace: deed.trace,
      header: header(deed.trace, request.id),
      ended: (status, ticket) => {
        Object.assign(request, { took: now() - request.began, status });
        deed.ticket ??= ticket;
        this.tellSoon(deed);
      },
    };
  }

  private tellSoon(deed: Deed): void {
    if (deed.ticket !== null) this.around.after(QUIET_MS, () => this.tellOf(deed));
  }

  /** Where all requests of it have ended: then it is over, and what comes after is something else. */
  private tellOf(deed: Deed): void {
    if (!deed.requests.every(over) || (deed.told && !deed.streams.some(over))) return;
    this.around.tell(deed, this.around.now());
    deed.told = true;
    deed.streams = deed.streams.filter((stream) => !over(stream));
    if (this.current === deed) this.begin('later');
  }

  private deed(): Deed {
    const { draw, now } = this.around;
    if (now() >= this.since + LASTS_MS) this.begin('later');
    this.current ??= {
      deed: this.kind,
      trace: draw(16),
      id: draw(8),
      began: this.since,
      requests: [],
      streams: [],
      ticket: null,
      told: false,
    };
    return this.current;
  }
}

/** It is not said to be kept: that is the server's to choose. */
function header(trace: string, span: string): string {
  return `00-${trace}-${span}-00`;
}

function drawn(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  const digits = [...values].map((value) => value.toString(16).padStart(2, '0')).join('');
  return /^0+$/.test(digits) ? drawn(bytes) : digits;
}
