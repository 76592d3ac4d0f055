import type { MessageParts } from '../graphql/generated';

/** By number, each once, as it was told last. */
export function inOrder(messages: MessageParts[]): MessageParts[] {
  return [...new Map(messages.map((message) => [message.id, message])).values()].sort((one, other) => one.seq - other.seq);
}
