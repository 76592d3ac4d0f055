import { useLayoutEffect, useRef } from 'react';
import { Icon } from '../ui/icon';

interface Props {
  name: string;
  index: number;
  count: number;
  /** Null where its place is not the reader's to choose. */
  onMove: ((to: number) => void) | null;
  onRemove: (() => void) | null;
}

/** A picture's place in an album, by buttons that keep the keyboard's focus wherever it goes. */
export function Arrange({ name, index, count, onMove, onRemove }: Props) {
  const earlier = useRef<HTMLButtonElement>(null);
  const later = useRef<HTMLButtonElement>(null);
  const pressed = useRef<typeof earlier | null>(null);
  useLayoutEffect(() => {
    // Moved about in the page, a button loses the focus.
    pressed.current?.current?.focus();
    pressed.current = null;
  }, [index]);
  const move = (to: number, by: typeof earlier) => {
    if (onMove === null || to < 0 || to >= count) return;
    pressed.current = by;
    onMove(to);
  };
  return (
    <p className="tile-acts">
      {onMove !== null && (
        <>
          <button
            ref={earlier}
            type="button"
            className="icon-button"
            aria-label={`Earlier: ${name}`}
            aria-disabled={index === 0}
            onClick={() => move(index - 1, earlier)}
          >
            <Icon name="back" />
          </button>
          <button
            ref={later}
            type="button"
            className="icon-button"
            aria-label={`Later: ${name}`}
            aria-disabled={index === count - 1}
            onClick={() => move(index + 1, later)}
          >
            <Icon name="on" />
          </button>
        </>
      )}
      {onRemove !== null && (
        <button type="button" className="link-button" aria-label={`Take out ${name}`} onClick={onRemove}>
          Take out
        </button>
      )}
    </p>
  );
}
