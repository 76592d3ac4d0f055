import '../styles/documents.css';
import { WorkspaceBySlug, WorkspaceDocuments, type DocumentLineParts, type WorkspaceDocumentsResult } from '../graphql/generated';
import { ago, fullDate } from '../format';
import { useConnection, useQuery, useTitle } from '../hooks';
import { Members } from '../documents/members';
import { NewDocument } from '../documents/new_document';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { Icon } from '../ui/icon';
import { Failed, More } from '../ui/notice';
import { useViewer } from '../viewer';
import Missing from './missing';

const pick = ({ workspace }: WorkspaceDocumentsResult) => workspace?.documents;

export default function Workspace({ slug = '' }: { slug?: string }) {
  const { signedIn } = useViewer();
  return signedIn ? <OwnWorkspace slug={slug} /> : <Missing hint="Workspaces are here once you are signed in." />;
}

function OwnWorkspace({ slug }: { slug: string }) {
  const { data, failure, loading, reload, update } = useQuery(WorkspaceBySlug, { slug }, false, true);
  const documents = useConnection(WorkspaceDocuments, { slug }, pick, { fresh: true });
  const workspace = data?.workspace ?? null;
  useTitle(workspace?.name ?? '');
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading && workspace === null) return <Waiting />;
  if (workspace === null) return <Missing />;
  const writes = workspace.viewerRole === 'OWNER' || workspace.viewerRole === 'EDITOR';
  return (
    <div className="page narrow">
      <Link to={paths.documents} className="quiet">
        Documents
      </Link>
      <h1>{workspace.name}</h1>
      {workspace.description !== null && <p className="quiet">{workspace.description}</p>}
      {writes && <NewDocument workspaceId={workspace.id} />}
      {documents.failure !== undefined && <Failed failure={documents.failure} retry={documents.reload} />}
      {documents.loading && documents.items.length === 0 && <Waiting />}
      {!documents.loading && documents.failure === undefined && documents.items.length === 0 && (
        <p className="empty">No documents yet.</p>
      )}
      <ul className="documents" aria-label="Documents">
        {documents.items.map((document) => (
          <li key={document.id} className="card">
            <Line document={document} />
          </li>
        ))}
      </ul>
      <More hasMore={documents.hasMore} loading={documents.loading} loadMore={documents.loadMore} />
      <Members workspace={workspace} onChange={(changed) => update(() => ({ workspace: changed }))} />
    </div>
  );
}

function Line({ document }: { document: DocumentLineParts }) {
  return (
    <Link to={paths.document(document.id)} className="document-line">
      <Icon name="page" />
      <span className="document-title">{document.title}</span>
      {document.visibility === 'PUBLIC' && <span className="quiet">public</span>}
      <span className="quiet document-when">
        {document.updatedBy?.displayName ?? 'Someone'},{' '}
        <time dateTime={document.updatedAt} title={fullDate(document.updatedAt)}>
          {ago(document.updatedAt, Date.now())}
        </time>
      </span>
    </Link>
  );
}
