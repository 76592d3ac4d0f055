import { useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { CreateDocument } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { EDIT, paths, useRouter } from '../router';
import { Problem } from '../ui/notice';

export function NewDocument({ workspaceId }: { workspaceId: string }) {
  const { go } = useRouter();
  const [title, setTitle] = useState('');
  // What is sent again after a failure of the network is the same document.
  const name = useRef<string | null>(null);
  const create = useAction(async () => {
    name.current ??= `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const input = { workspaceId, title: title.trim(), idempotencyKey: name.current };
    const { document, userErrors } = (await client.request(CreateDocument, { input })).createDocument;
    name.current = null;
    if (document !== null) go(paths.document(document.id) + EDIT);
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (title.trim() !== '') void create.run();
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <input
        aria-label="Title of a new document"
        placeholder="Title of a new document"
        value={title}
        maxLength={300}
        autoComplete="off"
        onChange={(event) => {
          setTitle(event.target.value);
          name.current = null;
        }}
      />
      <button type="submit" className="button button-main" disabled={create.busy || title.trim() === ''}>
        Write it
      </button>
      <Problem text={create.problem} />
    </form>
  );
}
