import { useCallback, useEffect, useState } from 'react';
import { client } from '../graphql/api';
import { EarlierMessages, MarkRead, MessageEvents, Thread, type ConversationParts, type MessageParts } from '../graphql/generated';
import { useLive, useQuery } from '../hooks';
import type { GraphQLFailure } from '../graphql/errors';
import { inOrder } from './order';

const PAGE = 30;

interface Earlier {
  messages: MessageParts[];
  /** Where what is known begins; null at the very beginning. */
  before: string | null;
}

export interface ThreadState {
  talk: ConversationParts | null;
  messages: MessageParts[];
  loading: boolean;
  failure: GraphQLFailure | undefined;
  reload: () => void;
  hasEarlier: boolean;
  showEarlier: () => Promise<void>;
  put: (message: MessageParts) => void;
}

/** One conversation: its last messages, earlier ones when asked, and those that come; what is shown is read. */
export function useThread(id: string): ThreadState {
  const { data, failure, loading, reload } = useQuery(Thread, { id, last: PAGE });
  const [earlier, setEarlier] = useState<Earlier | null>(null);
  const [arrived, setArrived] = useState<MessageParts[]>([]);
  const talk = data?.conversation ?? null;
  const { startCursor = null, hasPreviousPage = false } = talk?.messages.pageInfo ?? {};
  const before = earlier === null ? (hasPreviousPage ? startCursor : null) : earlier.before;

  const put = useCallback((message: MessageParts) => {
    setArrived((known) => [...known.filter((other) => other.id !== message.id), message]);
  }, []);
  const showEarlier = async () => {
    if (before === null) return;
    const { conversation } = await client.request(EarlierMessages, { id, last: PAGE, before });
    if (conversation === null) return;
    const { edges, pageInfo } = conversation.messages;
    setEarlier((known) => ({
      messages: [...nodesOf(edges), ...(known?.messages ?? [])],
      before: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
    }));
  };

  const messages = inOrder([...(earlier?.messages ?? []), ...nodesOf(talk?.messages.edges ?? []), ...arrived]);
  const newest = messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    // Read again when it is shown again: a refusal now is no loss.
    if (newest > 0) client.request(MarkRead, { conversationId: id, seq: newest }).catch(() => undefined);
  }, [id, newest]);
  return { talk, messages, loading, failure, reload, hasEarlier: before !== null, showEarlier, put };
}

/** Hears of new and changed messages from `sinceSeq` on; after a lost connection those in between come first. */
export function useMessages(conversationId: string, sinceSeq: number, put: (message: MessageParts) => void) {
  useLive(MessageEvents, { conversationId, sinceSeq }, ({ messageEvents }) => {
    if (messageEvents !== null) put(messageEvents);
  });
}

const nodesOf = (edges: Array<{ node: MessageParts | null }>) => edges.flatMap(({ node }) => (node === null ? [] : [node]));
