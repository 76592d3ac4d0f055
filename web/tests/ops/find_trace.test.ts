import { describe, expect, it } from 'vitest';
import { traceOf } from '../../src/ops/find_trace';

const ID = '0af7651916cd43dd8448eb211c80319c';

describe('traceOf', () => {
  it.each([
    [ID, ID],
    [` ${ID.toUpperCase()}\n`, ID],
    [`00-${ID}-b7ad6b7169203331-01`, ID],
    [ID.slice(1), null],
    [`${ID}0`, null],
    ['nonsense', null],
    ['', null],
  ])('reads %j', (text, id) => {
    expect(traceOf(text)).toBe(id);
  });
});
