import '../styles/gallery.css';
import { useState } from 'react';
import { client } from '../graphql/api';
import {
  AssetStatusChanged,
  Favorites,
  MediaById,
  OwnMedia,
  PublicMedia,
  type FavoritesResult,
  type MediaParts,
  type OwnMediaResult,
  type PublicMediaResult,
} from '../graphql/generated';
import { Albums } from '../gallery/albums';
import { Details } from '../gallery/details';
import { Tile } from '../gallery/tile';
import { Trash } from '../gallery/trash';
import { UploadForm } from '../gallery/upload_form';
import { useUploads } from '../gallery/use_uploads';
import { VIEWS, viewOf, type View } from '../gallery/views';
import { useConnection, useLive, useTitle, type ConnectionState } from '../hooks';
import { paths, useRouter } from '../router';
import { Failed, More } from '../ui/notice';
import { useViewer } from '../viewer';

const pickPublic = (data: PublicMediaResult) => data.publicMedia;
const pickOwn = (data: OwnMediaResult) => data.viewer?.mediaFiles;
const pickFavorites = (data: FavoritesResult) => data.favorites;
const PAGE = { first: 24 };

export default function Gallery() {
  const { signedIn } = useViewer();
  const { search, go } = useRouter();
  useTitle('Gallery');
  const view = viewOf(search, signedIn);
  const everyone = useConnection(PublicMedia, {}, pickPublic, PAGE);
  const own = useConnection(OwnMedia, {}, pickOwn, { ...PAGE, paused: !signedIn });
  const favorites = useConnection(Favorites, {}, pickFavorites, { ...PAGE, paused: view !== 'favourites', fresh: true });
  const [news, setNews] = useState('');
  const [opened, setOpened] = useState<MediaParts | null>(null);

  const put = (media: MediaParts) => {
    own.put(media);
    if (media.visibility === 'PUBLIC') everyone.put(media);
    else everyone.remove(media.id);
    setOpened((current) => (current?.id === media.id ? media : current));
  };
  const trashed = (id: string) => {
    setOpened(null);
    for (const list of [own, everyone, favorites]) list.remove(id);
    setNews('It is in the trash, from where it can be taken back.');
  };
  const restored = () => {
    own.reload();
    everyone.reload();
  };
  const uploads = useUploads(put, signedIn);
  useLive(AssetStatusChanged, {}, ({ assetStatusChanged }) => {
    if (assetStatusChanged === null) return;
    void client.request(MediaById, { id: assetStatusChanged.id }).then(
      ({ mediaFile }) => {
        if (mediaFile !== null) put(mediaFile);
      },
      // The next event, or the next visit, tells again.
      () => undefined,
    );
  });

  const choose = (chosen: View) => {
    setNews('');
    go(paths.media + VIEWS[chosen], 'replace');
  };
  return (
    <div className="page gallery">
      <header className="page-head">
        <h1>Gallery</h1>
        {signedIn && <Views view={view} onChoose={choose} />}
      </header>
      <p role="status">{news}</p>
      {view === 'albums' && <Albums />}
      {view === 'trash' && <Trash onRestored={restored} />}
      {(view === 'everyone' || view === 'yours') && (
        <UploadForm
          {...uploads}
          add={(files, choice) => {
            uploads.add(files, choice);
            if (signedIn && view !== 'yours') choose('yours');
          }}
        />
      )}
      {view === 'everyone' && <Hung list={everyone} name="Pictures" empty="No pictures yet." onOpen={setOpened} />}
      {view === 'yours' && <Hung list={own} name="Your pictures" empty="Your pictures will hang here." onOpen={setOpened} />}
      {view === 'favourites' && (
        <Hung list={favorites} name="Your favourites" empty="Open a picture, and choose Favourite to keep it here." onOpen={setOpened} />
      )}
      {opened !== null && (
        <Details
          key={opened.id}
          media={opened}
          onClose={() => setOpened(null)}
          onChange={put}
          onTrashed={trashed}
          onFavorite={(media, favorite) => (favorite ? favorites.put(media) : favorites.remove(media.id))}
        />
      )}
    </div>
  );
}

interface HungProps {
  list: ConnectionState<MediaParts>;
  name: string;
  empty: string;
  onOpen: (media: MediaParts) => void;
}

function Hung({ list, name, empty, onOpen }: HungProps) {
  return (
    <>
      <ul className="tiles" aria-busy={list.loading} aria-label={name}>
        {list.items.map((media) => (
          <Tile key={media.id} media={media} onOpen={() => onOpen(media)} />
        ))}
        {list.loading && list.items.length === 0 && <WaitingTiles />}
      </ul>
      {list.failure !== undefined && <Failed failure={list.failure} retry={list.reload} />}
      {!list.loading && list.failure === undefined && list.items.length === 0 && <p className="empty">{empty}</p>}
      <More hasMore={list.hasMore} loading={list.loading} loadMore={list.loadMore} />
    </>
  );
}

const NAMES: Array<[View, string]> = [
  ['everyone', 'Everyone'],
  ['yours', 'Yours'],
  ['favourites', 'Favourites'],
  ['albums', 'Albums'],
  ['trash', 'Trash'],
];

function Views({ view, onChoose }: { view: View; onChoose: (view: View) => void }) {
  return (
    <div className="segments" role="group" aria-label="Which pictures">
      {NAMES.map(([named, words]) => (
        <button key={named} type="button" aria-pressed={view === named} onClick={() => onChoose(named)}>
          {words}
        </button>
      ))}
    </div>
  );
}

const RATIOS = [1.5, 0.8, 1.3, 1, 1.8, 0.7, 1.4];

function WaitingTiles() {
  return RATIOS.map((ratio, index) => (
    <li key={index} className="tile skeleton" aria-hidden="true" style={{ '--ratio': ratio } as React.CSSProperties} />
  ));
}
