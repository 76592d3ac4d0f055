import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { React as ReactTo, Unreact, type PostParts, type ReactionKind } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { compact } from '../format';
import { Icon } from '../ui/icon';
import { Problem } from '../ui/notice';

const KINDS: Array<[ReactionKind, string]> = [
  ['LIKE', 'Like'],
  ['LOVE', 'Love'],
  ['LAUGH', 'Laugh'],
  ['WOW', 'Wow'],
  ['SAD', 'Sad'],
  ['ANGRY', 'Angry'],
];

interface Props {
  post: PostParts;
  onChange: (post: PostParts) => void;
}

export function Reactions({ post, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const list = useId();
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    // What has the keyboard's focus is about to be hidden.
    if (place.current?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  }, []);
  useEffect(() => {
    if (!open) return;
    const typed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    const pressed = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    addEventListener('keydown', typed);
    addEventListener('pointerdown', pressed);
    return () => {
      removeEventListener('keydown', typed);
      removeEventListener('pointerdown', pressed);
    };
  }, [open, close]);
  const mine = post.viewerReaction;
  const choose = useAction(async (kind: ReactionKind) => {
    close();
    const variables = { postId: post.id };
    const payload =
      kind === mine
        ? (await client.request(Unreact, variables)).unreact
        : (await client.request(ReactTo, { ...variables, kind })).react;
    if (payload.post !== null) onChange({ ...post, ...payload.post });
    return told(payload.userErrors);
  });
  const name = KINDS.find(([kind]) => kind === mine)?.[1];
  return (
    <div className="reactions" ref={place}>
      <button
        ref={button}
        type="button"
        className="act"
        aria-expanded={open}
        aria-controls={list}
        onClick={() => setOpen(!open)}
        data-mine={mine ?? undefined}
      >
        <Icon name={mine ?? 'LIKE'} />
        <span>{name ?? 'React'}</span>
        <Count value={post.counts.reactions} of="reactions" />
      </button>
      <div id={list} className="reaction-list" role="group" aria-label="Reactions" hidden={!open}>
        {KINDS.map(([kind, label]) => (
          <button
            key={kind}
            type="button"
            className="reaction"
            data-mine={kind === mine ? kind : undefined}
            aria-pressed={kind === mine}
            aria-label={label}
            title={label}
            disabled={choose.busy}
            onClick={() => void choose.run(kind)}
          >
            <Icon name={kind} size={24} />
          </button>
        ))}
      </div>
      <Problem text={choose.problem} />
    </div>
  );
}

export function Count({ value, of }: { value: number; of: string }) {
  if (value === 0) return null;
  return (
    <span className="count">
      {compact(value)} <span className="unseen">{of}</span>
    </span>
  );
}
