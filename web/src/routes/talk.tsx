import '../styles/messages.css';
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { DeleteMessage, SendMessage, type MessageParts, type ConversationParts } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction, useTitle } from '../hooks';
import { othersIn } from '../messages/others';
import { useMessages, useThread } from '../messages/use_thread';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { Failed, Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { Picture, ratioOf } from '../ui/picture';
import { DeleteButton } from '../ui/sure';
import { useViewer } from '../viewer';
import Missing from './missing';

export default function Talk({ id = '' }: { id?: string }) {
  const { signedIn } = useViewer();
  return signedIn ? <OneTalk id={id} /> : <Missing hint="Your messages are here once you are signed in." />;
}

function OneTalk({ id }: { id: string }) {
  const { viewer } = useViewer();
  const thread = useThread(id);
  const earlier = useAction(async () => {
    await thread.showEarlier();
    return null;
  });
  const { talk, messages } = thread;
  const other = talk === null ? null : othersIn(talk, viewer);
  useTitle(other?.displayName ?? 'Messages');
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (newest !== undefined) scrollTo(0, document.documentElement.scrollHeight);
  }, [newest]);
  if (thread.failure !== undefined) return <Failed failure={thread.failure} retry={thread.reload} />;
  if (thread.loading || viewer === null) return <Waiting />;
  if (talk === null) return <Missing />;
  return (
    <div className="page narrow thread">
      <header className="thread-head">
        <Link to={paths.messages} className="quiet">
          Messages
        </Link>
        <h1>
          <Avatar person={other} size="s" /> <PersonName person={other} />
        </h1>
      </header>
      <Listener talk={talk} put={thread.put} />
      {thread.hasEarlier && (
        <button type="button" className="button more" disabled={earlier.busy} onClick={() => void earlier.run()}>
          Earlier ones
        </button>
      )}
      <Problem text={earlier.problem} />
      <ol className="messages" aria-label="Messages" aria-live="polite">
        {messages.map((message) => (
          <Message key={message.id} message={message} own={message.sender?.id === viewer.id} onDeleted={thread.put} />
        ))}
      </ol>
      {messages.length === 0 && <p className="empty">Say something first.</p>}
      <MessageForm id={id} onSent={thread.put} />
    </div>
  );
}

/** By itself: where it listens from is what was known at first. */
function Listener({ talk, put }: { talk: ConversationParts; put: (message: MessageParts) => void }) {
  const [since] = useState(talk.lastSeq);
  useMessages(talk.id, since, put);
  return null;
}

interface MessageProps {
  message: MessageParts;
  own: boolean;
  onDeleted: (message: MessageParts) => void;
}

function Message({ message, own, onDeleted }: MessageProps) {
  const place = useRef<HTMLLIElement>(null);
  const discard = useAction(async () => {
    const { message: erased, userErrors } = (await client.request(DeleteMessage, { id: message.id })).deleteMessage;
    if (erased !== null) {
      onDeleted(erased);
      // The button that was pressed is gone.
      place.current?.focus();
    }
    return told(userErrors);
  });
  const pictures = message.attachments.filter((media) => media !== null);
  return (
    <li ref={place} tabIndex={-1} className="message" data-own={own || undefined}>
      <span className="unseen">{own ? 'You' : (message.sender?.displayName ?? 'Someone')}: </span>
      {message.deletedAt !== null && <p className="quiet">Deleted</p>}
      {message.body !== null && message.body !== '' && <p className="body">{message.body}</p>}
      {pictures.map((media) => (
        <div key={media.id} className="message-picture" style={{ aspectRatio: String(ratioOf(media)) }}>
          <Picture media={media} sizes="300px" label="Picture in a message, not described yet" />
        </div>
      ))}
      <time className="quiet" dateTime={message.createdAt} title={fullDate(message.createdAt)}>
        {ago(message.createdAt, Date.now())}
      </time>
      {own && message.deletedAt === null && <DeleteButton action={discard} className="message-delete" />}
      <Problem text={discard.problem} />
    </li>
  );
}

function MessageForm({ id, onSent }: { id: string; onSent: (message: MessageParts) => void }) {
  const [body, setBody] = useState('');
  // Kept until it has been taken: what is sent again after a failure is the same message.
  const name = useRef<string | null>(null);
  const field = useId();
  const send = useAction(async () => {
    name.current ??= `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const input = { conversationId: id, body: body.trim(), clientId: name.current };
    const { message, userErrors } = (await client.request(SendMessage, { input })).sendMessage;
    name.current = null;
    if (message !== null) {
      onSent(message);
      // What was written since it was sent stays.
      setBody((now) => (now === body ? '' : now));
    }
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (body.trim() !== '') void send.run();
  };
  return (
    <form className="message-form" onSubmit={submit}>
      <label htmlFor={field} className="unseen">
        Write a message
      </label>
      <input
        id={field}
        value={body}
        placeholder="Write a message"
        autoComplete="off"
        onChange={(event) => {
          setBody(event.target.value);
          name.current = null;
        }}
      />
      <button type="submit" className="button button-main" disabled={send.busy || body.trim() === ''}>
        Send
      </button>
      <Problem text={send.problem} />
    </form>
  );
}
