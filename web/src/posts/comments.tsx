import { useId, useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { AddComment, Comments, DeleteComment, type CommentParts, type CommentsResult } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction, useConnection } from '../hooks';
import { useViewer } from '../viewer';
import { Failed, Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { DeleteButton } from '../ui/sure';

const pick = (data: CommentsResult) => data.post?.comments;

interface Props {
  postId: string;
  /** One's own post: one may delete what others say below it. */
  ownPost: boolean;
  /** By how many there are more now. */
  onCounted: (by: number) => void;
}

export function CommentList({ postId, ownPost, onCounted }: Props) {
  const { signedIn, viewer } = useViewer();
  const place = useRef<HTMLElement>(null);
  const [news, setNews] = useState('');
  const comments = useConnection(Comments, { postId }, pick, { first: 10 });
  const deleted = (id: string) => {
    comments.remove(id);
    onCounted(-1);
    setNews('The comment is deleted.');
    // The button that was pressed is gone with it.
    place.current?.focus({ preventScroll: true });
  };
  return (
    <section className="comments" aria-label="Comments" ref={place} tabIndex={-1}>
      <p role="status" className="unseen">
        {news}
      </p>
      {comments.items.map((comment) => (
        <Comment
          key={comment.id}
          comment={comment}
          deletable={ownPost || (viewer !== null && viewer.id === comment.author?.id)}
          onDeleted={() => deleted(comment.id)}
        />
      ))}
      {comments.loading && <p className="quiet">Loading…</p>}
      {comments.failure !== undefined && <Failed failure={comments.failure} retry={comments.reload} />}
      {comments.hasMore && (
        <button type="button" className="link-button" onClick={comments.loadMore}>
          More comments
        </button>
      )}
      {!comments.loading && comments.failure === undefined && comments.items.length === 0 && (
        <p className="quiet">No comments yet.</p>
      )}
      {signedIn ? (
        <CommentForm
          postId={postId}
          onAdded={(comment) => {
            comments.put(comment, 'last');
            setNews('');
            onCounted(1);
          }}
        />
      ) : (
        <p className="quiet">Sign in to write one.</p>
      )}
    </section>
  );
}

interface CommentProps {
  comment: CommentParts;
  deletable: boolean;
  onDeleted: () => void;
}

function Comment({ comment, deletable, onDeleted }: CommentProps) {
  const discard = useAction(async () => {
    const { deletedId, userErrors } = (await client.request(DeleteComment, { id: comment.id })).deleteComment;
    if (deletedId !== null) onDeleted();
    return told(userErrors);
  });
  return (
    <article className="comment">
      <Avatar person={comment.author} size="s" />
      <div>
        <p className="comment-head">
          <PersonName person={comment.author} />
          <time dateTime={comment.createdAt} title={fullDate(comment.createdAt)}>
            {ago(comment.createdAt, Date.now())}
          </time>
        </p>
        <p className="body">{comment.body}</p>
        {deletable && <DeleteButton action={discard} className="link-button" />}
        <Problem text={discard.problem} />
      </div>
    </article>
  );
}

function CommentForm({ postId, onAdded }: { postId: string; onAdded: (comment: CommentParts) => void }) {
  const [body, setBody] = useState('');
  const field = useId();
  const add = useAction(async () => {
    const { comment, userErrors } = (await client.request(AddComment, { input: { postId, body: body.trim() } })).addComment;
    if (comment !== null) {
      onAdded(comment);
      setBody('');
    }
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (body.trim() !== '') void add.run();
  };
  return (
    <form className="comment-form" onSubmit={submit}>
      <label htmlFor={field} className="unseen">
        Write a comment
      </label>
      <input
        id={field}
        value={body}
        placeholder="Write a comment"
        autoComplete="off"
        onChange={(event) => setBody(event.target.value)}
      />
      <button type="submit" className="button" disabled={add.busy || body.trim() === ''}>
        Send
      </button>
      <Problem text={add.problem} />
    </form>
  );
}
