import { expect, it } from 'vitest';
import type { MessageParts } from '../src/graphql/generated';
import { inOrder } from '../src/messages/order';

const message = (seq: number, body: string | null = `m${seq}`): MessageParts => ({
  id: String(seq),
  seq,
  body,
  createdAt: '2026-01-05T08:00:00Z',
  deletedAt: body === null ? '2026-01-05T09:00:00Z' : null,
  sender: null,
  attachments: [],
});

it('puts messages in the order of their numbers, whenever each was heard of', () => {
  expect(inOrder([message(3), message(1), message(2)]).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

it('shows a message that comes again as it was told last', () => {
  expect(inOrder([message(1), message(2), message(1, null)])).toEqual([message(1, null), message(2)]);
});
