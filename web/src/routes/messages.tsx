import '../styles/messages.css';
import { Conversations, type ConversationParts, type ConversationsResult } from '../graphql/generated';
import { ago } from '../format';
import { useConnection, useTitle } from '../hooks';
import { othersIn } from '../messages/others';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { Failed, More } from '../ui/notice';
import { Avatar } from '../ui/person';
import { useViewer } from '../viewer';
import Missing from './missing';

const pick = ({ conversations }: ConversationsResult) => conversations;

export default function Messages() {
  const { signedIn } = useViewer();
  const talks = useConnection(Conversations, {}, pick, { paused: !signedIn, fresh: true });
  useTitle('Messages');
  if (!signedIn) return <Missing hint="Your messages are here once you are signed in." />;
  return (
    <div className="page narrow">
      <h1>Messages</h1>
      {talks.failure !== undefined && <Failed failure={talks.failure} retry={talks.reload} />}
      {talks.loading && talks.items.length === 0 && <Waiting />}
      {!talks.loading && talks.failure === undefined && talks.items.length === 0 && (
        <p className="empty">No messages yet. Write to somebody from their profile.</p>
      )}
      <ul className="talks" aria-label="Conversations">
        {talks.items.map((talk) => (
          <li key={talk.id} className="card">
            <Talk talk={talk} />
          </li>
        ))}
      </ul>
      <More hasMore={talks.hasMore} loading={talks.loading} loadMore={talks.loadMore} />
    </div>
  );
}

function wordsOf(last: ConversationParts['lastMessage']): string {
  if (last === null) return 'Nothing yet';
  if (last.deletedAt !== null) return 'Deleted';
  return last.body === '' ? 'A picture' : (last.body ?? 'A message');
}

function Talk({ talk }: { talk: ConversationParts }) {
  const { viewer } = useViewer();
  const other = othersIn(talk, viewer);
  const last = talk.lastMessage;
  return (
    <Link to={paths.talk(talk.id)} className="talk">
      <Avatar person={other} />
      <span className="talk-name">{other?.displayName ?? 'Someone'}</span>
      {last !== null && <span className="talk-when quiet">{ago(last.createdAt, Date.now())}</span>}
      <span className="talk-last quiet">{wordsOf(talk.lastMessage)}</span>
      {talk.unreadCount > 0 && (
        <span className="talk-unread">
          {talk.unreadCount} <span className="unseen">unread</span>
        </span>
      )}
    </Link>
  );
}
