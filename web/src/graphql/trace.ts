import { tell, type Deed } from './spans';

/** A request's place in a trace (https://www.w3.org/TR/trace-context/). */
export interface Traced {
  trace: string;
  /** The header `traceparent`. */
  header: string;
  /** It is over; `status` is 0 where no answer came, `ticket` what the answer said where its trace is kept. */
  ended: (status: number, ticket: string | null) => void;
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

  constructor(private readonly around: Surroundings = page) {}

  /** Something else is being done now. */
  begin = (kind: Deed['deed']): void => {
    this.kind = kind;
    this.since = this.around.now();
    this.current = null;
  };

  /** For what is a stream and ends some day: it hangs on what was done. */
  stream(): string {
    const deed = this.deed();
    return header(deed.trace, deed.id);
  }

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
        if (deed.ticket !== null) this.around.after(QUIET_MS, () => this.tellOf(deed));
      },
    };
  }

  /** Where all of it has ended: then it is over, and what comes after is something else. */
  private tellOf(deed: Deed): void {
    if (deed.told || deed.requests.some((request) => request.took < 0)) return;
    deed.told = true;
    if (this.current === deed) this.begin('later');
    this.around.tell(deed, this.around.now());
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
