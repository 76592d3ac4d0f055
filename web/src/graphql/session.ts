// Where the session is kept, and why there.
//
// Best against a script that should not run here would be an HttpOnly cookie; the graph hands out tokens instead, so
// that every client is treated alike and no request carries authority by itself (which is what CSRF needs). The
// refresh token therefore lies in localStorage, so that a reload and a second tab stay signed in, behind a policy that
// runs no script but our own files. The access token lies beside it: it is worth less than its neighbour, and a reload
// that had to trade the refresh token first could be cut off between the trade and the answer, which the server must
// take for theft.

export interface SessionRecord {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By this machine's clock, in milliseconds. */
  readonly goodUntil: number;
}

export interface IssuedSession {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
}

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'lets-connect.session';
const CLOCK_IS_WRONG_MS = 5 * 60_000;

export function recordOf(session: IssuedSession, now: number): SessionRecord {
  const told = Date.parse(session.expiresAt);
  // A token that seems expired on arrival means a wrong clock here; the server's own 401 then says when to renew.
  const goodUntil = told > now ? told : now + CLOCK_IS_WRONG_MS;
  return { accessToken: session.accessToken, refreshToken: session.refreshToken, goodUntil };
}

function isRecord(value: unknown): value is SessionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    typeof record.accessToken === 'string' &&
    typeof record.refreshToken === 'string' &&
    typeof record.goodUntil === 'number'
  );
}

/** Whom a token is for, as it says itself: enough to tell people apart here, and believed by no server. */
export function subjectOf(accessToken: string): string | null {
  try {
    const claims = accessToken.split('.')[1] ?? '';
    const { sub } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

/** The session of this browser: one record for all its tabs. */
export class SessionStore {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly keeper: Keeper) {}

  get(): SessionRecord | null {
    try {
      const value: unknown = JSON.parse(this.keeper.getItem(KEY) ?? 'null');
      return isRecord(value) ? value : null;
    } catch {
      return null;
    }
  }

  set(record: SessionRecord | null): void {
    if (record === null) this.keeper.removeItem(KEY);
    else this.keeper.setItem(KEY, JSON.stringify(record));
    this.changed();
  }

  /** Called when another tab wrote the record. */
  readonly changed = (): void => {
    for (const listener of this.listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly signedIn = (): boolean => this.get() !== null;

  /** Whose session it is; null where there is none. */
  subject(): string | null {
    const record = this.get();
    return record === null ? null : subjectOf(record.accessToken);
  }
}
