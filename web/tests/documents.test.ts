import { expect, it } from 'vitest';
import { changesOf, clash, onTop } from '../src/documents/merge';
import type { Draft } from '../src/drafts';
import { slugOf } from '../src/slug';

const base: Draft = { title: 'Plan', content: 'One', visibility: 'WORKSPACE' };

it('sends what was changed and nothing else', () => {
  expect(changesOf(base, { ...base, content: 'Two' })).toEqual({ content: 'Two' });
  expect(changesOf(base, { ...base })).toEqual({});
});

it('puts together what two have changed in different places', () => {
  const mine = { ...base, content: 'Mine' };
  const theirs = { ...base, title: 'Their plan' };
  expect(clash(base, mine, theirs)).toBe(false);
  expect(onTop(base, mine, theirs)).toEqual({ title: 'Their plan', content: 'Mine', visibility: 'WORKSPACE' });
});

it.each([
  ['Theirs', 'Mine', true],
  ['Same', 'Same', false],
  ['One', 'Mine', false],
  ['Theirs', 'One', false],
])('with %s saved and %s written, says %s to a clash', (saved, written, said) => {
  expect(clash(base, { ...base, content: written }, { ...base, content: saved })).toBe(said);
});

it.each([
  ['Saturday Market', 'saturday-market'],
  ['  Ärger & Glück!  ', 'arger-gluck'],
  ['日本', ''],
  [`${'a'.repeat(79)} b`, 'a'.repeat(79)],
])('makes of %s the address %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
