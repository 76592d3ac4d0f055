import '../styles/slides.css';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { PictureParts } from '../graphql/generated';
import { Film } from './film';
import { Icon } from './icon';
import { Picture } from './picture';

interface Props {
  pictures: PictureParts[];
  /** Which is shown first. */
  at: number;
  labelOf: (media: PictureParts) => string;
  onClose: () => void;
}

/** Pictures one at a time, whole, over the page: by buttons, by arrow keys; Escape closes. */
export function Slides({ pictures, at, labelOf, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [index, setIndex] = useState(at);
  const media = pictures[index];

  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  const step = (by: number) => setIndex((known) => Math.min(pictures.length - 1, Math.max(0, known + by)));
  const typed = (event: KeyboardEvent) => {
    // In a film they move through the film.
    if (event.target instanceof HTMLVideoElement) return;
    if (event.key === 'ArrowRight') step(1);
    if (event.key === 'ArrowLeft') step(-1);
  };
  if (media === undefined) return null;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons do the same
    <dialog ref={dialog} className="slides" aria-label="Pictures of the post" onClose={onClose} onKeyDown={typed}>
      <figure>
        {media.kind === 'VIDEO' ? (
          <Film key={media.id} media={media} label={labelOf(media)} />
        ) : (
          <Picture key={media.id} media={media} sizes="100vw" label={labelOf(media)} />
        )}
        <figcaption>
          {media.altText}
          {pictures.length > 1 && (
            <span role="status">
              {index + 1} of {pictures.length}
            </span>
          )}
        </figcaption>
      </figure>
      {pictures.length > 1 && (
        <>
          <button type="button" className="icon-button slides-back" aria-label="Previous" aria-disabled={index === 0} onClick={() => step(-1)}>
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="icon-button slides-on"
            aria-label="Next"
            aria-disabled={index === pictures.length - 1}
            onClick={() => step(1)}
          >
            <Icon name="on" />
          </button>
        </>
      )}
      <button type="button" className="icon-button slides-close" aria-label="Close" onClick={() => dialog.current?.close()}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
