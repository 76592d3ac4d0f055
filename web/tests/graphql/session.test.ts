import { expect, it } from 'vitest';
import { SessionStore, recordOf, subjectOf } from '../../src/graphql/session';
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

it('reads from a token whose it is, and takes what is none for nobody’s', () => {
  const claims = Buffer.from(JSON.stringify({ sub: '0f3a', name: 'ÿ?>' })).toString('base64url');
  expect(subjectOf(`e30.${claims}.signature`)).toBe('0f3a');
  expect([subjectOf('a'), subjectOf('a.b.c'), subjectOf('e30.e30.s')]).toEqual([null, null, null]);
});
