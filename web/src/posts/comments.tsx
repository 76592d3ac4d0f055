import { useId, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { AddComment, Comments, type CommentParts, type CommentsResult } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction, useConnection } from '../hooks';
import { useViewer } from '../viewer';
import { Failed, Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';

const pick = (data: CommentsResult) => data.post?.comments;

export function CommentList({ postId, onAdded }: { postId: string; onAdded: () => void }) {
  const { signedIn } = useViewer();
  const comments = useConnection(Comments, { postId }, pick, { first: 10 });
  return (
    <section className="comments" aria-label="Comments">
      {comments.items.map((comment) => (
        <Comment key={comment.id} comment={comment} />
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
            onAdded();
          }}
        />
      ) : (
        <p className="quiet">Sign in to write one.</p>
      )}
    </section>
  );
}

function Comment({ comment }: { comment: CommentParts }) {
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
