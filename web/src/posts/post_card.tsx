import { useState } from 'react';
import { client } from '../graphql/api';
import { DeletePost, type PictureParts, type PostParts, type PostVisibility } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction } from '../hooks';
import { Link, paths } from '../router';
import { useViewer } from '../viewer';
import { Film } from '../ui/film';
import { Icon, type IconName } from '../ui/icon';
import { Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { Picture, ratioOf } from '../ui/picture';
import { DeleteButton } from '../ui/sure';
import { ProductLine } from '../ui/product';
import { CommentList } from './comments';
import { Count, Reactions } from './reactions';

const AUDIENCE: Record<PostVisibility, [IconName, string]> = {
  PUBLIC: ['globe', 'Visible to everyone'],
  FOLLOWERS: ['people', 'Visible to followers'],
  PRIVATE: ['lock', 'Visible to the author alone'],
};

const LONG_BODY = 320;
const SHOWN_PICTURES = 4;

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
  const own = viewer !== null && viewer.id === post.author?.id;
  return (
    <article className="post card">
      <Head post={post} />
      {post.body !== null && post.body !== '' && <p className="body">{post.body}</p>}
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
        {own && <DeleteButton action={discard} className="act act-end" />}
      </footer>
      <Problem text={discard.problem} />
      {talking && (
        <CommentList
          postId={post.id}
          onAdded={() => onChange({ ...post, counts: { ...post.counts, comments: post.counts.comments + 1 } })}
        />
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

function Pictures({ post }: { post: PostParts }) {
  const pictures = post.media.filter((media): media is PictureParts => media !== null);
  const [first] = pictures;
  if (first === undefined) return null;
  const by = `by ${post.author?.displayName ?? 'the author'}, not described yet`;
  const shown = pictures.slice(0, SHOWN_PICTURES);
  const ratio = pictures.length === 1 ? Math.min(2.2, Math.max(0.8, ratioOf(first))) : 3 / 2;
  return (
    <div className="pictures" data-count={shown.length} style={{ aspectRatio: String(ratio) }}>
      {shown.map((media) =>
        media.kind === 'VIDEO' ? (
          <Film key={media.id} media={media} label={`Film ${by}`} />
        ) : (
          <Picture
            key={media.id}
            media={media}
            label={`Picture ${by}`}
            sizes={shown.length === 1 ? '(min-width: 700px) 620px, 100vw' : '(min-width: 700px) 310px, 50vw'}
          />
        ),
      )}
      {pictures.length > SHOWN_PICTURES && <span className="pictures-more">+{pictures.length - SHOWN_PICTURES}</span>}
    </div>
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
