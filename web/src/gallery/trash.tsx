import { useEffect, useRef, useState, type CSSProperties } from 'react';
import { client } from '../graphql/api';
import { MediaTrash, PurgeAssets, RestoreAssets, type MediaTrashResult } from '../graphql/generated';
import { ago, fullDate, plural } from '../format';
import { told, useAction, useConnection } from '../hooks';
import { Failed, More, Problem } from '../ui/notice';
import { Picture, ratioOf } from '../ui/picture';
import { DeleteButton } from '../ui/sure';
import { described } from './tile';

type Trashed = NonNullable<MediaTrashResult['mediaTrash']['edges'][number]['node']>;

const pick = (data: MediaTrashResult) => data.mediaTrash;
/** At most so many go in one request. */
const MOST = 100;

/** What its reader threw away: taken back, or let go for good. */
export function Trash({ onRestored }: { onRestored: () => void }) {
  const trash = useConnection(MediaTrash, {}, pick, { first: 24, fresh: true });
  const [news, setNews] = useState('');
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed is gone with its picture.
    if (news !== '') line.current?.focus();
  }, [news]);
  const gone = (ids: readonly string[], words: string) => {
    for (const id of ids) trash.remove(id);
    setNews(words);
  };
  const shown = trash.items.slice(0, MOST).map(({ id }) => id);
  const empty = useAction(async () => {
    const { purgedIds, userErrors } = (await client.request(PurgeAssets, { ids: shown })).purgeAssets;
    if (purgedIds !== null) {
      gone(purgedIds, `${plural(purgedIds.length, 'picture')} deleted for good.`);
      if (trash.hasMore) trash.reload();
    }
    return told(userErrors);
  });
  return (
    <section aria-label="Trash">
      <p className="quiet">What is here is in no list, album or address. After some time it is deleted for good.</p>
      <p ref={line} role="status" tabIndex={-1}>
        {news}
      </p>
      {shown.length > 0 && (
        <p className="trash-all">
          <DeleteButton action={empty} className="link-button danger" words={`Delete all ${shown.length} for good`} />
        </p>
      )}
      <Problem text={empty.problem} />
      {trash.failure !== undefined && <Failed failure={trash.failure} retry={trash.reload} />}
      {!trash.loading && trash.failure === undefined && trash.items.length === 0 && <p className="empty">The trash is empty.</p>}
      <ul className="tiles" aria-label="In the trash" aria-busy={trash.loading}>
        {trash.items.map((media) => (
          <TrashTile
            key={media.id}
            media={media}
            onGone={(words) => gone([media.id], words)}
            onRestored={() => {
              gone([media.id], `${described(media)} is back where it was.`);
              onRestored();
            }}
          />
        ))}
      </ul>
      <More hasMore={trash.hasMore} loading={trash.loading} loadMore={trash.loadMore} />
    </section>
  );
}

interface TileProps {
  media: Trashed;
  onGone: (words: string) => void;
  onRestored: () => void;
}

function TrashTile({ media, onGone, onRestored }: TileProps) {
  const name = described(media);
  const restore = useAction(async () => {
    const { assets, userErrors } = (await client.request(RestoreAssets, { ids: [media.id] })).restoreAssets;
    if (assets !== null) onRestored();
    return told(userErrors);
  });
  const purge = useAction(async () => {
    const { purgedIds, userErrors } = (await client.request(PurgeAssets, { ids: [media.id] })).purgeAssets;
    if (purgedIds !== null) onGone(`${name} is deleted for good.`);
    return told(userErrors);
  });
  return (
    <li className="tile" style={{ '--ratio': ratioOf(media) } as CSSProperties}>
      <div className="tile-picture">
        <Picture media={media} sizes="(min-width: 1000px) 420px, (min-width: 600px) 50vw, 100vw" label={name} />
      </div>
      {media.trashedAt !== null && (
        <p className="tile-line quiet">
          <time dateTime={media.trashedAt} title={fullDate(media.trashedAt)}>
            Thrown away {ago(media.trashedAt, Date.now())}
          </time>
        </p>
      )}
      <p className="tile-acts">
        <button type="button" className="link-button" aria-label={`Take back ${name}`} disabled={restore.busy} onClick={() => void restore.run()}>
          Take back
        </button>
        <DeleteButton action={purge} className="link-button danger" of={name} />
      </p>
      <Problem text={restore.problem ?? purge.problem} />
    </li>
  );
}
