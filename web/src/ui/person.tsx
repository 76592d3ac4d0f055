import type { PersonParts } from '../graphql/generated';
import { Link, paths } from '../router';
import { Picture } from './picture';

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word = '') => letters.segment(word).containing(0)?.segment ?? '')
    .join('')
    .toUpperCase();
}

/** One of a few calm hues, always the same for the same person. */
function hue(handle: string): number {
  let sum = 0;
  for (const letter of handle) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}

export function Avatar({ person, size = 'm' }: { person: PersonParts | null; size?: 's' | 'm' | 'l' }) {
  if (person === null) return <span className={`avatar avatar-${size}`} aria-hidden="true" />;
  return (
    <span
      className={`avatar avatar-${size}`}
      style={{ '--hue': hue(person.handle) } as React.CSSProperties}
      aria-hidden="true"
    >
      {person.avatar === null ? initials(person.displayName) : <Picture media={person.avatar} sizes="96px" label="" />}
    </span>
  );
}

export function PersonName({ person }: { person: PersonParts | null }) {
  // Erased, or not for this reader: the graph does not say which.
  if (person === null) return <span className="person-name quiet">Someone</span>;
  return (
    <Link to={paths.user(person.handle)} className="person-name">
      {person.displayName} <span className="handle">@{person.handle}</span>
    </Link>
  );
}
