import type { CSSProperties, ReactNode } from 'react';
import type { MediaParts } from '../graphql/generated';
import { bytes, lasting } from '../format';
import { Icon } from '../ui/icon';
import { Picture, ratioOf } from '../ui/picture';

export function described(media: MediaParts): string {
  return media.altText ?? `${media.kind === 'VIDEO' ? 'Film' : 'Picture'} by ${media.owner?.displayName ?? 'someone'}, not described yet`;
}

export function measures(media: MediaParts): string {
  const { metadata } = media;
  if (metadata === null) return '';
  const long = media.duration === null ? [] : [lasting(media.duration)];
  const parts = [...long, `${metadata.width} × ${metadata.height}`, metadata.format.toUpperCase(), bytes(metadata.bytes)];
  // A line breaks between the parts, not within.
  return parts.map((part) => part.replaceAll(' ', '\u00a0')).join(' · ');
}

interface Props {
  media: MediaParts;
  onOpen: () => void;
  /** What can be done with it where it hangs. */
  children?: ReactNode;
}

export function Tile({ media, onOpen, children }: Props) {
  return (
    <li className="tile" style={{ '--ratio': ratioOf(media) } as CSSProperties}>
      <button type="button" onClick={onOpen} aria-label={`Open: ${described(media)}`}>
        <Picture media={media} sizes="(min-width: 1000px) 420px, (min-width: 600px) 50vw, 100vw" label={described(media)} />
        {media.visibility === 'PRIVATE' && (
          <span className="badge">
            <Icon name="lock" size={14} /> Private
          </span>
        )}
        {media.duration !== null && <span className="badge badge-end">{lasting(media.duration)}</span>}
        {media.status === 'DEGRADED' && <span className="badge badge-end">Not optimised yet</span>}
      </button>
      <p className="tile-line">
        <span>{media.owner?.displayName}</span>
        <span className="quiet">{measures(media)}</span>
      </p>
      {children}
    </li>
  );
}
