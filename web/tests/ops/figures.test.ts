import { expect, it } from 'vitest';
import { duration, polylines, rate, share } from '../../src/ops/figures';

it('writes durations with three figures in the unit that suits them', () => {
  const seconds = [null, 0.0000004, 0.000123456, 0.0009996, 0.0123456, 0.99951, 1.2345, 12.345, 123.4];
  expect(seconds.map(duration)).toEqual(['–', '0.400 µs', '123 µs', '1 ms', '12.3 ms', '1 s', '1.23 s', '12.3 s', '123 s']);
});

it('writes shares and rates so that little is not nothing', () => {
  expect([0, 0.0001, 0.0123, 0.25, 1].map(share)).toEqual(['0 %', '< 0.1 %', '1.2 %', '25 %', '100 %']);
  expect([0, 0.001, 0.05, 12.345, 1234.5].map(rate)).toEqual(['0', '< 0.01', '0.05', '12.3', '1230']);
});

it('draws lines that end where nothing is known', () => {
  expect(polylines([1, 2, null, 2], 30, 10)).toEqual(['0.0,5.0 10.0,0.0', '30.0,0.0']);
  expect(polylines([null, null], 30, 10)).toEqual([]);
});
