import '../styles/gallery.css';
import { useState } from 'react';
import { client } from '../graphql/api';
import {
  AssetStatusChanged,
  MediaById,
  OwnMedia,
  PublicMedia,
  type MediaParts,
  type OwnMediaResult,
  type PublicMediaResult,
} from '../graphql/generated';
import { Details } from '../gallery/details';
import { Tile } from '../gallery/tile';
import { UploadForm } from '../gallery/upload_form';
import { useUploads } from '../gallery/use_uploads';
import { useConnection, useLive, useTitle } from '../hooks';
import { paths, useRouter } from '../router';
import { Failed, More } from '../ui/notice';
import { useViewer } from '../viewer';

const pickPublic = (data: PublicMediaResult) => data.publicMedia;
const pickOwn = (data: OwnMediaResult) => data.viewer?.mediaFiles;
const OWN = '?show=yours';
const PAGE = { first: 24 };

export default function Gallery() {
  const { signedIn } = useViewer();
  const { search, go } = useRouter();
  useTitle('Gallery');
  const showsOwn = signedIn && search === OWN;
  const everyone = useConnection(PublicMedia, {}, pickPublic, PAGE);
  const own = useConnection(OwnMedia, {}, pickOwn, { ...PAGE, paused: !signedIn });
  const shown = showsOwn ? own : everyone;
  const [opened, setOpened] = useState<MediaParts | null>(null);

  const put = (media: MediaParts) => {
    own.put(media);
    if (media.visibility === 'PUBLIC') everyone.put(media);
    else everyone.remove(media.id);
    setOpened((current) => (current?.id === media.id ? media : current));
  };
  const remove = (id: string) => {
    setOpened(null);
    own.remove(id);
    everyone.remove(id);
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

  return (
    <div className="page gallery">
      <header className="page-head">
        <h1>Gallery</h1>
        {signedIn && <Shown own={showsOwn} onChoose={(yours) => go(paths.media + (yours ? OWN : ''), 'replace')} />}
      </header>
      <UploadForm
        {...uploads}
        add={(files, choice) => {
          uploads.add(files, choice);
          if (signedIn && !showsOwn) go(paths.media + OWN, 'replace');
        }}
      />
      <ul className="tiles" aria-busy={shown.loading} aria-label={showsOwn ? 'Your pictures' : 'Pictures'}>
        {shown.items.map((media) => (
          <Tile key={media.id} media={media} onOpen={() => setOpened(media)} />
        ))}
        {shown.loading && shown.items.length === 0 && <WaitingTiles />}
      </ul>
      {shown.failure !== undefined && <Failed failure={shown.failure} retry={shown.reload} />}
      {!shown.loading && shown.failure === undefined && shown.items.length === 0 && (
        <p className="empty">{showsOwn ? 'Your pictures will hang here.' : 'No pictures yet.'}</p>
      )}
      <More hasMore={shown.hasMore} loading={shown.loading} loadMore={shown.loadMore} />
      {opened !== null && (
        <Details key={opened.id} media={opened} onClose={() => setOpened(null)} onChange={put} onDeleted={remove} />
      )}
    </div>
  );
}

function Shown({ own, onChoose }: { own: boolean; onChoose: (own: boolean) => void }) {
  return (
    <div className="segments" role="group" aria-label="Whose pictures">
      <button type="button" aria-pressed={!own} onClick={() => onChoose(false)}>
        Everyone
      </button>
      <button type="button" aria-pressed={own} onClick={() => onChoose(true)}>
        Yours
      </button>
    </div>
  );
}

const RATIOS = [1.5, 0.8, 1.3, 1, 1.8, 0.7, 1.4];

function WaitingTiles() {
  return RATIOS.map((ratio, index) => (
    <li key={index} className="tile skeleton" aria-hidden="true" style={{ '--ratio': ratio } as React.CSSProperties} />
  ));
}
