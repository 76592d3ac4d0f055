import { useEffect, useRef, useState } from 'react';
import type { Action } from '../hooks';
import { Icon } from './icon';

/** Deleting asks once more, in place; the keyboard's focus follows the question and its answer. */
export function DeleteButton({ action, className }: { action: Action<[]>; className: string }) {
  const [asked, setAsked] = useState<boolean | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked === null) return;
    (asked ? keep : button).current?.focus();
  }, [asked]);
  if (asked !== true) {
    return (
      <button ref={button} type="button" className={className} onClick={() => setAsked(true)}>
        <Icon name="trash" />
        <span>Delete</span>
      </button>
    );
  }
  return (
    <span className="sure" role="group" aria-label="Delete for good?">
      <span>Delete for good?</span>
      <button type="button" className="button button-danger" disabled={action.busy} onClick={() => void action.run()}>
        Delete
      </button>
      <button ref={keep} type="button" className="button" onClick={() => setAsked(false)}>
        Keep
      </button>
    </span>
  );
}
