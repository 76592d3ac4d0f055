import { useState } from 'react';
import type { Action } from '../hooks';
import { Icon } from './icon';

/** Deleting asks once more, in place. */
export function DeleteButton({ action, className }: { action: Action<[]>; className: string }) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" className={className} onClick={() => setAsked(true)}>
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
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Keep
      </button>
    </span>
  );
}
