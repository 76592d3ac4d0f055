import '../styles/albums.css';
import { useState } from 'react';
import { Albums as AlbumsQuery, type AlbumParts, type AlbumsResult } from '../graphql/generated';
import { plural } from '../format';
import { useConnection } from '../hooks';
import { Link, paths, useRouter } from '../router';
import { Icon } from '../ui/icon';
import { Failed, More } from '../ui/notice';
import { Picture } from '../ui/picture';
import { NewAlbum } from './album_form';

const pick = (data: AlbumsResult) => data.albums;

/** Those of the reader, and those they were let into. */
export function Albums() {
  const { go } = useRouter();
  const albums = useConnection(AlbumsQuery, {}, pick, { first: 24, fresh: true });
  const [beginning, setBeginning] = useState(false);
  return (
    <section aria-label="Albums">
      <button type="button" className="button" aria-expanded={beginning} onClick={() => setBeginning(!beginning)}>
        <Icon name="plus" size={18} /> New album
      </button>
      {beginning && <NewAlbum onDone={(made) => (made === null ? setBeginning(false) : go(paths.album(made.id)))} />}
      {albums.failure !== undefined && <Failed failure={albums.failure} retry={albums.reload} />}
      {!albums.loading && albums.failure === undefined && albums.items.length === 0 && (
        <p className="empty">No albums yet. Begin one, and put pictures into it.</p>
      )}
      <ul className="albums" aria-label="Your albums" aria-busy={albums.loading}>
        {albums.items.map((album) => (
          <li key={album.id} className="card">
            <Cover album={album} />
          </li>
        ))}
      </ul>
      <More hasMore={albums.hasMore} loading={albums.loading} loadMore={albums.loadMore} />
    </section>
  );
}

function Cover({ album }: { album: AlbumParts }) {
  return (
    <Link to={paths.album(album.id)} className="album-cover">
      <span className="album-picture">
        {album.cover === null ? <Icon name="album" size={32} /> : <Picture media={album.cover} sizes="(min-width: 640px) 220px, 50vw" label="" />}
      </span>
      <span className="album-title">{album.title}</span>
      <span className="quiet">
        {plural(album.assetCount, 'picture')}
        {album.viewerRole !== 'OWNER' && album.owner !== null && `, by ${album.owner.displayName}`}
      </span>
    </Link>
  );
}
