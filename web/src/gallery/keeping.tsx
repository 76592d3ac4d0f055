import { useState } from 'react';
import { client } from '../graphql/api';
import { AddToAlbum, Favorite, Keeping as KeepingQuery, Unfavorite, type MediaParts } from '../graphql/generated';
import { told, useAction, useQuery } from '../hooks';
import { Link, paths } from '../router';
import { Icon } from '../ui/icon';
import { Problem } from '../ui/notice';

interface Props {
  media: MediaParts;
  onFavorite: (media: MediaParts, favorite: boolean) => void;
}

/** Keeping a picture that one sees: among the favourites, and in albums. */
export function Keeping({ media, onFavorite }: Props) {
  const { data, update } = useQuery(KeepingQuery, { id: media.id });
  const favorite = data?.mediaFile?.viewerFavorite ?? false;
  const toggle = useAction(async () => {
    const { media: changed, userErrors } = favorite
      ? (await client.request(Unfavorite, { id: media.id })).unfavorite
      : (await client.request(Favorite, { id: media.id })).favorite;
    if (changed !== null) {
      update((known) => ({ ...known, mediaFile: changed }));
      onFavorite(media, changed.viewerFavorite);
    }
    return told(userErrors);
  });
  const albums = (data?.albums.edges ?? []).flatMap(({ node }) =>
    node === null || node.viewerRole === null || node.viewerRole === 'VIEWER' ? [] : [node],
  );
  return (
    <div className="keeping">
      <button
        type="button"
        className="button"
        aria-pressed={favorite}
        disabled={data === undefined}
        onClick={() => void toggle.run()}
      >
        <Icon name="LOVE" size={18} /> Favourite
      </button>
      <Problem text={toggle.problem} />
      {albums.length > 0 && <IntoAlbum media={media} albums={albums} />}
    </div>
  );
}

function IntoAlbum({ media, albums }: { media: MediaParts; albums: Array<{ id: string; title: string }> }) {
  const [chosen, setChosen] = useState('');
  const [added, setAdded] = useState<{ id: string; title: string } | null>(null);
  const add = useAction(async () => {
    setAdded(null);
    const input = { albumId: chosen, assetIds: [media.id] };
    const { album, userErrors } = (await client.request(AddToAlbum, { input })).addToAlbum;
    if (album !== null) setAdded(album);
    return told(userErrors);
  });
  return (
    <>
      <div className="into-album">
        <label className="field">
          <span>Album</span>
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">Choose one</option>
            {albums.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="button" disabled={chosen === '' || add.busy} onClick={() => void add.run()}>
          Add to it
        </button>
      </div>
      <Problem text={add.problem} />
      <p role="status">
        {added !== null && (
          <>
            It is in <Link to={paths.album(added.id)}>{added.title}</Link>.
          </>
        )}
      </p>
    </>
  );
}
