import { expect, it } from 'vitest';
import { Drafts, type Base, type Unsaved } from '../src/drafts';

const base = (id: string): Base => ({ id, version: 2, title: 'Plan', content: 'One', visibility: 'WORKSPACE' });
const unsaved = (id: string, content: string): Unsaved => ({
  base: base(id),
  draft: { title: 'Plan', content, visibility: 'WORKSPACE' },
  at: 1_000,
});

function shelf(full = false) {
  const held = new Map<string, string>();
  const keeper = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      held.set(key, value);
    },
    removeItem: (key: string) => void held.delete(key),
  };
  return { held, drafts: new Drafts(keeper) };
}

it('gives what was written last into each document, to the next page too', () => {
  const { held, drafts } = shelf();
  drafts.keep('ann', unsaved('a', 'Tw'));
  drafts.keep('ann', unsaved('a', 'Two'));
  drafts.keep('ann', unsaved('b', 'Three'));
  const next = new Drafts({ getItem: (key) => held.get(key) ?? null, setItem: () => undefined, removeItem: () => undefined });
  expect(next.find('ann', 'a')).toEqual(unsaved('a', 'Two'));
  expect(next.find('ann', 'b')?.draft.content).toBe('Three');
});

it('shows nobody what another has written, and puts it away for who writes next', () => {
  const { drafts } = shelf();
  drafts.keep('ann', unsaved('a', 'Two'));
  expect(drafts.find('bob', 'a')).toBeNull();
  drafts.drop('bob', 'a');
  expect(drafts.find('ann', 'a')).not.toBeNull();
  drafts.keep('bob', unsaved('a', 'Bob'));
  expect(drafts.find('ann', 'a')).toBeNull();
});

it('keeps it over a session that ended by itself, not over somebody else who signs in', () => {
  const { held, drafts } = shelf();
  drafts.keep('ann', unsaved('a', 'Two'));
  drafts.only('ann');
  expect(drafts.find('ann', 'a')).not.toBeNull();
  drafts.only('bob');
  expect(held.size).toBe(0);
});

it('leaves nothing behind once all is saved, or its writer signs out', () => {
  const { held, drafts } = shelf();
  drafts.keep('ann', unsaved('a', 'Two'));
  drafts.keep('ann', unsaved('b', 'Two'));
  drafts.drop('ann', 'a');
  expect(drafts.find('ann', 'b')).not.toBeNull();
  drafts.drop('ann', 'b');
  expect(held.size).toBe(0);
  drafts.keep('ann', unsaved('a', 'Two'));
  drafts.forget();
  expect(held.size).toBe(0);
});

it('says so where the browser has no room', () => {
  expect(shelf(true).drafts.keep('ann', unsaved('a', 'Two'))).toBe(false);
});

it('drops what was written on longest ago when there is much', () => {
  const { drafts } = shelf();
  for (let number = 0; number <= 20; number += 1) drafts.keep('ann', unsaved(String(number), 'Two'));
  expect(drafts.find('ann', '0')).toBeNull();
  expect(drafts.find('ann', '20')).not.toBeNull();
});

it.each(['{', '"text"', '{"owner":"ann"}', '{"owner":"ann","unsaved":[{"base":{}}]}', 'null'])('takes %j for nothing', (kept) => {
  const drafts = new Drafts({ getItem: () => kept, setItem: () => undefined, removeItem: () => undefined });
  expect(drafts.find('ann', 'a')).toBeNull();
});
