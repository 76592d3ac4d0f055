import { useEffect, useRef, useState, type KeyboardEvent, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { UpdatePost, type PostParts } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { AudienceChoice } from './audience_choice';

interface Props {
  post: PostParts;
  onSaved: (post: PostParts) => void;
  onCancel: () => void;
}

/** A post's words and audience, changed in place; Escape leaves them as they were. */
export function EditPost({ post, onSaved, onCancel }: Props) {
  const [body, setBody] = useState(post.body ?? '');
  const [visibility, setVisibility] = useState(post.visibility);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = useAction(async () => {
    const input = { id: post.id, body: body.trim(), visibility };
    const { post: saved, userErrors } = (await client.request(UpdatePost, { input })).updatePost;
    if (saved !== null) onSaved(saved);
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save.run();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && body === (post.body ?? '')) onCancel();
  };
  return (
    <form className="edit-post" onSubmit={submit} aria-label="Your post">
      <textarea
        ref={field}
        rows={3}
        aria-label="What it says"
        value={body}
        onChange={(event) => setBody(event.target.value)}
        onKeyDown={pressed}
      />
      <Problem text={save.problem} />
      <p className="edit-post-end">
        <AudienceChoice value={visibility} onChange={setVisibility} />
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button
          type="submit"
          className="button button-main"
          disabled={save.busy || (body.trim() === '' && post.media.length === 0)}
        >
          Save
        </button>
      </p>
    </form>
  );
}
