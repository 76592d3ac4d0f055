import { useEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { AddToAlbum, OwnMedia, type AlbumParts, type OwnMediaResult } from '../graphql/generated';
import { plural } from '../format';
import { told, useAction, useConnection } from '../hooks';
import { Failed, More, Problem } from '../ui/notice';
import { Picture } from '../ui/picture';
import { described } from './tile';

const pick = (data: OwnMediaResult) => data.viewer?.mediaFiles;
/** At most so many go in one request. */
const MOST = 100;

interface Props {
  album: AlbumParts;
  onAdded: (album: AlbumParts, count: number) => void;
  onCancel: () => void;
}

/** One's own pictures, to be chosen from. Those that are in the album already may be chosen, and stay where they are. */
export function PickOwn({ album, onAdded, onCancel }: Props) {
  const own = useConnection(OwnMedia, {}, pick, { first: 24, fresh: true });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const add = useAction(async () => {
    const { album: changed, userErrors } = (await client.request(AddToAlbum, { input: { albumId: album.id, assetIds: [...chosen] } })).addToAlbum;
    if (changed !== null) onAdded(changed, chosen.length);
    return told(userErrors);
  });
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <section className="pick card" aria-label="Add pictures">
      <h2 ref={heading} tabIndex={-1}>
        Which of your pictures?
      </h2>
      {own.failure !== undefined && <Failed failure={own.failure} retry={own.reload} />}
      {!own.loading && own.failure === undefined && own.items.length === 0 && (
        <p className="quiet">You have none yet. Add some in the gallery first.</p>
      )}
      <ul className="pick-tiles" aria-busy={own.loading}>
        {own.items.map((media) => (
          <li key={media.id}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(media.id)}
                disabled={chosen.length >= MOST && !chosen.includes(media.id)}
                aria-label={described(media)}
                onChange={() => toggle(media.id)}
              />
              <Picture media={media} sizes="130px" label="" />
            </label>
          </li>
        ))}
      </ul>
      <More hasMore={own.hasMore} loading={own.loading} loadMore={own.loadMore} />
      <Problem text={add.problem} />
      <p className="album-acts">
        <button type="button" className="button button-main" disabled={add.busy || chosen.length === 0} onClick={() => void add.run()}>
          {chosen.length === 0 ? 'Add' : `Add ${plural(chosen.length, 'picture')}`}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </section>
  );
}
