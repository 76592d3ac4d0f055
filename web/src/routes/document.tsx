import '../styles/documents.css';
import { useEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { DeleteDocument, DocumentById, type DocumentParts } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { told, useAction, useQuery, useTitle } from '../hooks';
import { EditDocument } from '../documents/edit_document';
import { Unsaved } from '../documents/unsaved';
import { Waiting } from '../posts/feed';
import { EDIT, Link, paths, useRouter } from '../router';
import { Icon } from '../ui/icon';
import { Failed, Problem } from '../ui/notice';
import { PersonName } from '../ui/person';
import { DeleteButton } from '../ui/sure';
import Missing from './missing';

export default function Document({ id = '' }: { id?: string }) {
  const { path, search, go } = useRouter();
  const { data, failure, loading, reload, update } = useQuery(DocumentById, { id }, false, true);
  const [editing, setEditing] = useState(search === EDIT);
  const [news, setNews] = useState('');
  const document = data?.document ?? null;
  useTitle(document?.title ?? '');
  if (failure !== undefined && document === null) return <Failed failure={failure} retry={reload} />;
  if (loading && document === null) return <Waiting />;
  if (document === null) return <Missing />;
  const role = document.workspace?.viewerRole ?? null;
  const writes = role === 'OWNER' || role === 'EDITOR';
  const close = () => {
    setEditing(false);
    if (search === EDIT) go(path, 'replace');
  };
  const saved = (changed: DocumentParts) => {
    update(() => ({ document: changed }));
    close();
    setNews(`This is version ${changed.version}.`);
  };
  return (
    <div className="page narrow">
      {document.workspace !== null && (
        <Link to={paths.workspace(document.workspace.slug)} className="quiet">
          {document.workspace.name}
        </Link>
      )}
      <p role="status" className="unseen">
        {news}
      </p>
      {editing && writes ? (
        <EditDocument document={document} onSaved={saved} onCancel={close} />
      ) : (
        <Text document={document} writes={writes} returned={news !== ''} onEdit={() => setEditing(true)} />
      )}
    </div>
  );
}

interface TextProps {
  document: DocumentParts;
  writes: boolean;
  /** From editing: the keyboard goes on where it began. */
  returned: boolean;
  onEdit: () => void;
}

function Text({ document, writes, returned, onEdit }: TextProps) {
  const { go } = useRouter();
  const edit = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (returned) edit.current?.focus();
  }, [returned]);
  const remove = useAction(async () => {
    const { deletedId, userErrors } = (await client.request(DeleteDocument, { id: document.id })).deleteDocument;
    if (deletedId !== null) go(document.workspace === null ? paths.documents : paths.workspace(document.workspace.slug));
    return told(userErrors);
  });
  return (
    <article className="document card">
      {writes && <Unsaved document={document} onEdit={onEdit} onDropped={() => edit.current?.focus()} />}
      <h1>{document.title}</h1>
      <p className="document-about quiet">
        <Icon name={document.visibility === 'PUBLIC' ? 'globe' : 'people'} size={15} />
        <span>{document.visibility === 'PUBLIC' ? 'Everyone reads it' : 'The workspace reads it'}</span>
        <span>
          Version {document.version}, by <PersonName person={document.updatedBy} />,{' '}
          <time dateTime={document.updatedAt} title={fullDate(document.updatedAt)}>
            {ago(document.updatedAt, Date.now())}
          </time>
        </span>
      </p>
      {document.content === '' ? <p className="quiet">Nothing is written yet.</p> : <p className="document-text">{document.content}</p>}
      {writes && (
        <p className="document-acts">
          <button ref={edit} type="button" className="button" onClick={onEdit}>
            <Icon name="pen" size={18} /> Edit
          </button>
          <DeleteButton action={remove} className="link-button danger" />
        </p>
      )}
      <Problem text={remove.problem} />
    </article>
  );
}
