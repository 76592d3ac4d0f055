import '../styles/gallery.css';
import '../styles/albums.css';
import { useEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { AlbumAssets, AlbumById, DeleteAlbum, type AlbumAssetsResult, type AlbumParts } from '../graphql/generated';
import { plural } from '../format';
import { EditAlbum } from '../gallery/album_form';
import { AlbumPictures } from '../gallery/album_pictures';
import { PickOwn } from '../gallery/pick_own';
import { ALBUMS } from '../gallery/views';
import { told, useAction, useConnection, useQuery, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { Link, paths, useRouter } from '../router';
import { Failed, Problem } from '../ui/notice';
import { DeleteButton } from '../ui/sure';
import { useViewer } from '../viewer';
import Missing from './missing';

const pick = ({ album }: AlbumAssetsResult) => album?.assets;
const SEEN_BY = { PRIVATE: 'Seen by its owner, and whom they let in', FOLLOWERS: 'Seen by its owner’s followers', PUBLIC: 'Seen by everyone' };

type Doing = 'looking' | 'editing' | 'adding' | 'arranging';

export default function Album({ id = '' }: { id?: string }) {
  const { signedIn } = useViewer();
  const { data, failure, loading, reload, update } = useQuery(AlbumById, { id }, false, true);
  const pictures = useConnection(AlbumAssets, { id }, pick, { first: 24, fresh: true });
  const [doing, setDoing] = useState<Doing>('looking');
  const [news, setNews] = useState('');
  const line = useRef<HTMLParagraphElement>(null);
  const album = data?.album ?? null;
  useTitle(album?.title ?? '');
  useEffect(() => {
    // Back from a form, or the button is gone with its picture; where it is still there, it keeps the focus.
    if (news !== '' && document.activeElement === document.body) line.current?.focus();
  }, [news]);
  if (failure !== undefined && album === null) return <Failed failure={failure} retry={reload} />;
  if (loading && album === null) return <Waiting />;
  if (album === null) return signedIn ? <Missing /> : <Missing hint="It may be here once you are signed in." />;
  const put = (changed: AlbumParts) => update(() => ({ album: changed }));
  return (
    <div className="page gallery">
      {signedIn && (
        <Link to={paths.media + ALBUMS} className="quiet">
          Albums
        </Link>
      )}
      <h1>{album.title}</h1>
      {album.description !== null && album.description !== '' && <p className="album-words">{album.description}</p>}
      <p className="quiet">
        {plural(album.assetCount, 'picture')}
        {album.owner !== null && (
          <>
            , by <Link to={paths.user(album.owner.handle)}>{album.owner.displayName}</Link>
          </>
        )}
        . {SEEN_BY[album.visibility]}.
      </p>
      <Acts album={album} doing={doing} onDo={setDoing} />
      <p ref={line} role="status" tabIndex={-1}>
        {news}
      </p>
      {doing === 'editing' && (
        <EditAlbum
          album={album}
          onDone={(changed) => {
            setDoing('looking');
            if (changed === null) return;
            put(changed);
            setNews('The album is saved.');
          }}
        />
      )}
      {doing === 'adding' && (
        <PickOwn
          album={album}
          onCancel={() => setDoing('looking')}
          onAdded={(changed, count) => {
            put(changed);
            pictures.reload();
            setDoing('looking');
            setNews(`${plural(count, 'picture')} added.`);
          }}
        />
      )}
      <AlbumPictures album={album} pictures={pictures} arranging={doing === 'arranging'} onChange={put} onNews={setNews} />
    </div>
  );
}

interface ActsProps {
  album: AlbumParts;
  doing: Doing;
  onDo: (doing: Doing) => void;
}

const ACTS: Array<[Doing, string]> = [
  ['adding', 'Add pictures'],
  ['arranging', 'Arrange'],
  ['editing', 'Edit'],
];

function Acts({ album, doing, onDo }: ActsProps) {
  const { go } = useRouter();
  const owns = album.viewerRole === 'OWNER';
  const remove = useAction(async () => {
    const { deletedId, userErrors } = (await client.request(DeleteAlbum, { id: album.id })).deleteAlbum;
    if (deletedId !== null) go(paths.media + ALBUMS);
    return told(userErrors);
  });
  if (!owns && album.viewerRole !== 'CONTRIBUTOR') return null;
  return (
    <>
      <p className="album-acts">
        {ACTS.filter(([act]) => owns || act !== 'editing').map(([act, words]) => (
          <button key={act} type="button" className="button" aria-pressed={doing === act} onClick={() => onDo(doing === act ? 'looking' : act)}>
            {words}
          </button>
        ))}
        {owns && <DeleteButton action={remove} className="link-button danger" words="Delete the album" />}
      </p>
      <Problem text={remove.problem} />
    </>
  );
}
