import { expect, it } from 'vitest';
import { SessionStore, recordOf } from '../../src/graphql/session';
import { NOW, record, storeWith } from './support';

it('keeps a session for the next page and tells who listens', () => {
  const store = storeWith(null);
  const heard: boolean[] = [];
  const stop = store.subscribe(() => heard.push(store.signedIn()));
  store.set(record('a'));
  store.set(null);
  stop();
  store.set(record('b'));
  expect(heard).toEqual([true, false]);
  expect(store.get()).toEqual(record('b'));
});

it.each(['', '{', '"text"', '{"accessToken":"a"}', 'null'])('takes %j in the storage for signed out', (kept) => {
  const store = new SessionStore({ getItem: () => kept, setItem: () => undefined, removeItem: () => undefined });
  expect(store.get()).toBeNull();
});

it('believes the expiry the server tells, unless the clock here must be wrong', () => {
  const issued = { accessToken: 'a', refreshToken: 'r' };
  const soon = recordOf({ ...issued, expiresAt: '2026-03-01T12:15:00Z' }, NOW);
  const past = recordOf({ ...issued, expiresAt: '2026-03-01T11:00:00Z' }, NOW);
  expect([soon.goodUntil - NOW, past.goodUntil - NOW]).toEqual([15 * 60_000, 5 * 60_000]);
});
