import type { Handover } from './handover';
import type { SessionRecord, SessionStore } from './session';

/** Trades a refresh token for a new session; null when it was refused. */
export type Exchange = (refreshToken: string) => Promise<SessionRecord | null>;

/** Runs one piece of work at a time across all tabs of this browser. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

const SLACK_MS = 30_000;

/** Access tokens that are good now. A refresh token is worth one use, so a renewal happens once, however many ask. */
export class Tokens {
  private renewing: Promise<string | null> | null = null;

  constructor(
    private readonly store: SessionStore,
    private readonly exchange: Exchange,
    private readonly exclusive: Exclusive,
    private readonly handover: Handover,
    private readonly now: () => number = Date.now,
  ) {}

  /** A token the server should take, renewed beforehand where it is about to expire; null when signed out. */
  async access(): Promise<string | null> {
    const record = this.store.get();
    if (record === null) return null;
    return this.isGood(record) ? record.accessToken : this.renew(record.accessToken);
  }

  /** Another token than the one the server refused; null, and signed out, when there is none. */
  renew(refused: string): Promise<string | null> {
    this.renewing ??= this.exclusive(() => this.trade(refused)).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async trade(refused: string): Promise<string | null> {
    const known = this.store.get();
    if (known === null) return null;
    const last = await this.handover.last();
    const record = last?.from === known.refreshToken ? last.record : known;
    const isNew = record.accessToken !== refused && this.isGood(record);
    const renewed = isNew ? record : await this.exchange(record.refreshToken);
    if (renewed !== null && !isNew) await this.handover.leave({ from: known.refreshToken, record: renewed });
    // Signed out, or in as someone else, while waiting: that stands.
    const now = this.store.get();
    if (now?.refreshToken !== known.refreshToken) return now?.accessToken ?? null;
    if (renewed !== known) this.store.set(renewed);
    return renewed?.accessToken ?? null;
  }

  private isGood(record: SessionRecord): boolean {
    return record.goodUntil - SLACK_MS > this.now();
  }
}

/** Web Locks where the browser has them (they need HTTPS or localhost); within one tab `Tokens` is enough. */
export const exclusiveAcrossTabs: Exclusive = async (work) => {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return work();
  let result: { value: Awaited<ReturnType<typeof work>> } | undefined;
  await navigator.locks.request('lets-connect.session', async () => {
    result = { value: await work() };
  });
  if (result === undefined) throw new Error('the lock ran nothing');
  return result.value;
};
