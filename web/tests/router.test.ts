import { expect, it } from 'vitest';
import { destination, match, paths, signInFrom } from '../src/router';

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

it.each([
  ['/', '', '/sign-in'],
  ['/media', '?show=yours', '/sign-in?to=%2Fmedia%3Fshow%3Dyours'],
  ['/register', '?to=%2Fmedia', '/sign-in?to=%2Fmedia'],
])('signs in from %s%s at %s', (path, search, form) => {
  expect(signInFrom(path, search)).toBe(form);
});

it.each([
  ['', '/'],
  ['?to=%2Fmedia%3Fshow%3Dyours', '/media?show=yours'],
  ['?to=https%3A%2F%2Felsewhere.example', '/'],
  ['?to=%2F%2Felsewhere.example', '/'],
  ['?to=%2F%5Celsewhere.example', '/'],
])('leads on from %s to %s', (search, to) => {
  expect(destination(search)).toBe(to);
});
