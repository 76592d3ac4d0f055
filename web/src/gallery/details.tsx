import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { MediaById, SetKeepCopyright, TrashAssets, UpdateMedia, type MediaParts, type MediaVisibility } from '../graphql/generated';
import { fullDate } from '../format';
import { told, useAction, useQuery } from '../hooks';
import { Link, paths } from '../router';
import { Film } from '../ui/film';
import { Icon } from '../ui/icon';
import { Problem } from '../ui/notice';
import { Picture, ratioOf } from '../ui/picture';
import { useViewer } from '../viewer';
import { Keeping } from './keeping';
import { described, measures } from './tile';
import { CopyrightChoice, VisibilityChoice } from './upload_form';

interface Props {
  media: MediaParts;
  onClose: () => void;
  onChange: (media: MediaParts) => void;
  onTrashed: (id: string) => void;
  onFavorite?: (media: MediaParts, favorite: boolean) => void;
}

/** One picture in full, over the gallery. */
export function Details({ media: known, onClose, onChange, onTrashed, onFavorite = () => undefined }: Props) {
  const { viewer } = useViewer();
  const dialog = useRef<HTMLDialogElement>(null);
  // Asked anew: the addresses of a private picture in the list may have run out.
  const { data } = useQuery(MediaById, { id: known.id }, known.visibility === 'PUBLIC');
  const media = known.visibility === 'PUBLIC' ? known : (data?.mediaFile ?? null);
  const title = useId();

  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog ref={dialog} className="details" aria-labelledby={title} onClose={onClose}>
      <button type="button" className="icon-button details-close" aria-label="Close" onClick={() => dialog.current?.close()}>
        <Icon name="close" />
      </button>
      <div className="details-picture" style={{ aspectRatio: String(ratioOf(known)) }}>
        {media !== null && <Shown media={media} />}
      </div>
      <div className="details-text">
        <h2 id={title}>{known.altText ?? 'Not described yet'}</h2>
        {known.owner !== null && (
          <p>
            By <Link to={paths.user(known.owner.handle)}>{known.owner.displayName}</Link>
          </p>
        )}
        <p className="quiet">{measures(known)}</p>
        <p className="quiet">
          <time dateTime={known.createdAt}>{fullDate(known.createdAt)}</time>
        </p>
        {viewer !== null && <Keeping media={known} onFavorite={onFavorite} />}
        {viewer !== null && viewer.id === known.owner?.id && (
          <Ownership media={known} onChange={onChange} onTrashed={onTrashed} />
        )}
      </div>
    </dialog>
  );
}

function Shown({ media }: { media: MediaParts }) {
  if (media.kind === 'VIDEO') return <Film media={media} label={described(media)} />;
  return <Picture media={media} sizes="(min-width: 900px) 70vw, 100vw" label={described(media)} />;
}

function Ownership({ media, onChange, onTrashed }: Omit<Props, 'onClose' | 'onFavorite'>) {
  const [altText, setAltText] = useState(media.altText ?? '');
  const update = useAction(async (change: { altText?: string; visibility?: MediaVisibility }) => {
    const { updateMedia } = await client.request(UpdateMedia, { input: { id: media.id, ...change } });
    if (updateMedia.media !== null) onChange(updateMedia.media);
    return told(updateMedia.userErrors);
  });
  const keep = useAction(async (kept: boolean) => {
    const { setKeepCopyright } = await client.request(SetKeepCopyright, { id: media.id, keep: kept });
    if (setKeepCopyright.media !== null) onChange(setKeepCopyright.media);
    return told(setKeepCopyright.userErrors);
  });
  const remove = useAction(async () => {
    const { assets, userErrors } = (await client.request(TrashAssets, { ids: [media.id] })).trashAssets;
    if (assets !== null) onTrashed(media.id);
    return told(userErrors);
  });
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void update.run({ altText: altText.trim() });
  };
  return (
    <>
      <form className="details-form" onSubmit={save}>
        <label className="field">
          <span>Description</span>
          <textarea rows={2} value={altText} onChange={(event) => setAltText(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={update.busy || altText.trim() === (media.altText ?? '')}>
          Save
        </button>
      </form>
      <VisibilityChoice
        name="visibility"
        value={media.visibility}
        disabled={update.busy}
        onChange={(visibility) => void update.run({ visibility })}
      />
      {media.kind === 'IMAGE' && (
        <CopyrightChoice checked={media.keepCopyright} disabled={keep.busy} onChange={(kept) => void keep.run(kept)} />
      )}
      <Problem text={update.problem ?? keep.problem ?? remove.problem} />
      <button type="button" className="link-button danger" disabled={remove.busy} onClick={() => void remove.run()}>
        <Icon name="trash" /> <span>Put into the trash</span>
      </button>
    </>
  );
}
