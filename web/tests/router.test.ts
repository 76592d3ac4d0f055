import { expect, it } from 'vitest';
import { match, paths } from '../src/router';

it.each([
  ['/', '/', {}],
  ['/media', '/media', {}],
  ['/media', '/media/', {}],
  ['/u/:handle', '/u/ada', { handle: 'ada' }],
  ['/post/:id', paths.post('UG9zdDo+/w=='), { id: 'UG9zdDo+/w==' }],
  ['/u/:handle', '/u/%E0%A4%A', null],
  ['/u/:handle', '/u/ada/more', null],
  ['/media', '/', null],
])('matches %s with %s as %j', (pattern, path, found) => {
  expect(match(pattern, path)).toEqual(found);
});
