import { useRef, useState } from 'react';
import { client } from '../graphql/api';
import { DeletePost, type PostParts, type PostVisibility } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction } from '../hooks';
import { Link, paths } from '../router';
import { useViewer } from '../viewer';
import { Icon, type IconName } from '../ui/icon';
import { Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { DeleteButton } from '../ui/sure';
import { ProductLine } from '../ui/product';
import { CommentList } from './comments';
import { EditPost } from './edit_post';
import { Pictures } from './pictures';
import { Count, Reactions } from './reactions';
import { Report } from './report';

const AUDIENCE: Record<PostVisibility, [IconName, string]> = {
  PUBLIC: ['globe', 'Visible to everyone'],
  FOLLOWERS: ['people', 'Visible to followers'],
  PRIVATE: ['lock', 'Visible to the author alone'],
};

const LONG_BODY = 320;

interface Props {
  post: PostParts;
  onChange: (post: PostParts) => void;
  onDeleted: (id: string) => void;
  /** On its own page the comments are open. */
  alone?: boolean;
}

export function PostCard({ post, onChange, onDeleted, alone = false }: Props) {
  const { signedIn, viewer } = useViewer();
  const [talking, setTalking] = useState(alone);
  const discard = useAction(async () => {
    const { deletedId, userErrors } = (await client.request(DeletePost, { id: post.id })).deletePost;
    if (deletedId !== null) onDeleted(post.id);
    return told(userErrors);
  });
  const [editing, setEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    edit.current?.focus();
  };
  const saved = (changed: PostParts) => {
    onChange(changed);
    close();
  };
  const [report, setReport] = useState<'none' | 'asked' | 'made'>('none');
  const flag = useRef<HTMLButtonElement>(null);
  const reported = (how: 'none' | 'made') => {
    setReport(how);
    flag.current?.focus();
  };
  const counted = (by: number) => onChange({ ...post, counts: { ...post.counts, comments: post.counts.comments + by } });
  const own = viewer !== null && viewer.id === post.author?.id;
  return (
    <article className="post card">
      <Head post={post} />
      {editing ? (
        <EditPost post={post} onSaved={saved} onCancel={close} />
      ) : (
        post.body !== null && post.body !== '' && <p className="body">{post.body}</p>
      )}
      {post.summary !== null && (post.body?.length ?? 0) > LONG_BODY && (
        <p className="summary">
          <strong>In short</strong> {post.summary.text}
        </p>
      )}
      <Pictures post={post} />
      <Tagged post={post} />
      <footer className="acts">
        {signedIn ? <Reactions post={post} onChange={onChange} /> : <QuietCount post={post} />}
        <button type="button" className="act" aria-expanded={talking} onClick={() => setTalking(!talking)}>
          <Icon name="comment" />
          <span>Comments</span>
          <Count value={post.counts.comments} of="comments" />
        </button>
        {own && (
          <>
            <button ref={edit} type="button" className="act act-end" aria-expanded={editing} onClick={() => setEditing(!editing)}>
              <Icon name="pen" />
              <span>Edit</span>
            </button>
            <DeleteButton action={discard} className="act act-end" />
          </>
        )}
        {viewer !== null && !own && (
          <button
            ref={flag}
            type="button"
            className="act act-end"
            aria-expanded={report === 'asked'}
            onClick={() => setReport(report === 'asked' ? 'none' : 'asked')}
          >
            <Icon name="flag" />
            <span>Report</span>
          </button>
        )}
      </footer>
      <Problem text={discard.problem} />
      <p role="status" className="quiet">
        {report === 'made' && 'The moderators know of it now.'}
      </p>
      {report === 'asked' && <Report subjectId={post.id} onReported={() => reported('made')} onCancel={() => reported('none')} />}
      {talking && (
        <CommentList postId={post.id} ownPost={own} onCounted={counted} />
      )}
    </article>
  );
}

function Head({ post }: { post: PostParts }) {
  const [icon, audience] = AUDIENCE[post.visibility];
  return (
    <header className="post-head">
      <Avatar person={post.author} />
      <div>
        <h2>
          <PersonName person={post.author} />
        </h2>
        <p className="post-when">
          <Link to={paths.post(post.id)}>
            <time dateTime={post.createdAt} title={fullDate(post.createdAt)}>
              {ago(post.createdAt, Date.now())}
            </time>
          </Link>
          {post.editedAt !== null && <span>edited</span>}
          <span title={audience}>
            <Icon name={icon} size={15} />
            <span className="unseen">{audience}</span>
          </span>
        </p>
      </div>
    </header>
  );
}

function QuietCount({ post }: { post: PostParts }) {
  return (
    <span className="act act-still">
      <Icon name="LIKE" />
      <span>Reactions</span>
      <Count value={post.counts.reactions} of="reactions" />
    </span>
  );
}

function Tagged({ post }: { post: PostParts }) {
  const products = post.taggedProducts.filter((product) => product !== null);
  if (products.length === 0) return null;
  return (
    <ul className="tagged" aria-label="Products in this post">
      {products.map((product) => (
        <li key={product.id}>
          <ProductLine product={product} />
        </li>
      ))}
    </ul>
  );
}
