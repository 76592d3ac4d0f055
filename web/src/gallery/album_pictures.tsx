import { useState } from 'react';
import { client } from '../graphql/api';
import { RemoveFromAlbum, ReorderAlbum, type AlbumParts, type MediaParts } from '../graphql/generated';
import { told, useAction, type ConnectionState } from '../hooks';
import { Failed, More, Problem } from '../ui/notice';
import { useViewer } from '../viewer';
import { Arrange } from './arrange';
import { Details } from './details';
import { follows, moved } from './order';
import { Tile, described } from './tile';

interface Props {
  album: AlbumParts;
  pictures: ConnectionState<MediaParts>;
  arranging: boolean;
  onChange: (album: AlbumParts) => void;
  onNews: (words: string) => void;
}

/** An album's pictures in its order; while it is arranged, each with what moves it and takes it out. */
export function AlbumPictures({ album, pictures, arranging, onChange, onNews }: Props) {
  const { viewer } = useViewer();
  const [opened, setOpened] = useState<MediaParts | null>(null);
  const owns = album.viewerRole === 'OWNER';
  const { items } = pictures;

  const move = useAction(async (from: number, to: number) => {
    const media = items[from];
    if (media === undefined) return null;
    const next = moved(items, from, to);
    const input = { albumId: album.id, assetIds: [media.id], after: follows(next, to) };
    const { album: changed, userErrors } = (await client.request(ReorderAlbum, { input })).reorderAlbum;
    if (changed !== null) {
      pictures.arrange(next);
      onChange(changed);
      onNews(`${described(media)} is number ${to + 1} now.`);
    }
    return told(userErrors);
  });
  const remove = useAction(async (media: MediaParts) => {
    const input = { albumId: album.id, assetIds: [media.id] };
    const { album: changed, userErrors } = (await client.request(RemoveFromAlbum, { input })).removeFromAlbum;
    if (changed !== null) {
      pictures.remove(media.id);
      onChange(changed);
      onNews(`${described(media)} is out of the album.`);
    }
    return told(userErrors);
  });
  const put = (media: MediaParts) => {
    pictures.put(media);
    setOpened((current) => (current?.id === media.id ? media : current));
  };
  return (
    <>
      <Problem text={move.problem ?? remove.problem} />
      {pictures.failure !== undefined && <Failed failure={pictures.failure} retry={pictures.reload} />}
      {!pictures.loading && pictures.failure === undefined && items.length === 0 && <p className="empty">No pictures in it yet.</p>}
      <ul className="tiles" aria-label="Pictures of the album" aria-busy={pictures.loading}>
        {items.map((media, index) => (
          <Tile key={media.id} media={media} onOpen={() => setOpened(media)}>
            {arranging && (
              <Arrange
                name={described(media)}
                index={index}
                count={items.length}
                onMove={owns ? (to) => void move.run(index, to) : null}
                onRemove={owns || media.owner?.id === viewer?.id ? () => void remove.run(media) : null}
              />
            )}
          </Tile>
        ))}
      </ul>
      <More hasMore={pictures.hasMore} loading={pictures.loading} loadMore={pictures.loadMore} />
      {opened !== null && (
        <Details
          key={opened.id}
          media={opened}
          onClose={() => setOpened(null)}
          onChange={put}
          onTrashed={(id) => {
            setOpened(null);
            pictures.remove(id);
            onNews('It is in the trash of the gallery, from where it can be taken back.');
          }}
        />
      )}
    </>
  );
}
