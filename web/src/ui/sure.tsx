import { useEffect, useRef, useState } from 'react';
import type { Action } from '../hooks';
import { Icon } from './icon';

interface Props {
  action: Action<[]>;
  className: string;
  /** What the button says. */
  words?: string;
  /** What it deletes, for those who do not see what it stands by. */
  of?: string;
}

/** Deleting asks once more, in place; the keyboard's focus follows the question and its answer. */
export function DeleteButton({ action, className, words = 'Delete', of }: Props) {
  const [asked, setAsked] = useState<boolean | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked === null) return;
    (asked ? keep : button).current?.focus();
  }, [asked]);
  if (asked !== true) {
    return (
      <button ref={button} type="button" className={className} aria-label={of && `${words} ${of}`} onClick={() => setAsked(true)}>
        <Icon name="trash" />
        <span>{words}</span>
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
