import { useId, useRef, useState, type SubmitEvent } from 'react';
import type { PostParts, PostVisibility } from '../graphql/generated';
import { useAction } from '../hooks';
import { useViewer } from '../viewer';
import { ACCEPTED } from '../gallery/accepted';
import { Icon } from '../ui/icon';
import { LocalPreview } from '../ui/local_preview';
import { Problem } from '../ui/notice';
import { Avatar } from '../ui/person';
import { AudienceChoice } from './audience_choice';
import { publish, type Attached, type Sent } from './draft';

const HINTS: Record<PostVisibility, string> = {
  PUBLIC: '',
  FOLLOWERS: 'Your followers alone will see it.',
  PRIVATE: 'Only you will see it.',
};

export function Composer({ onCreated }: { onCreated: (post: PostParts) => void }) {
  const { viewer } = useViewer();
  const [body, setBody] = useState('');
  const [visibility, setVisibility] = useState<PostVisibility>('PUBLIC');
  const [attached, setAttached] = useState<Attached[]>([]);
  const [progress, setProgress] = useState(0);
  const sent = useRef<Sent>(new Map());
  const serial = useRef(0);
  const field = useId();

  const send = useAction(async () => {
    setProgress(0);
    const outcome = await publish({ body, visibility, attached }, sent.current, setProgress);
    if ('problem' in outcome) return outcome.problem;
    onCreated(outcome.post);
    setBody('');
    setAttached([]);
    sent.current.clear();
    return null;
  });
  const empty = body.trim() === '' && attached.length === 0;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!empty) void send.run();
  };
  const attach = (files: FileList | null) =>
    setAttached([...attached, ...[...(files ?? [])].map((file) => ({ key: ++serial.current, file, altText: '' }))]);

  return (
    <form className="composer card" onSubmit={submit} aria-label="Share something">
      <Avatar person={viewer} />
      <div className="composer-main">
        <label htmlFor={field} className="unseen">
          What would you like to share?
        </label>
        <textarea
          id={field}
          rows={2}
          value={body}
          placeholder="What would you like to share?"
          onChange={(event) => setBody(event.target.value)}
        />
        <AttachedList attached={attached} onChange={setAttached} />
        {send.busy && attached.length > 0 && (
          <progress className="bar" max={1} value={progress} aria-label="Sending pictures and films" />
        )}
        <Problem text={send.problem} />
        <div className="composer-row">
          <label className="file-button">
            <Icon name="pictures" />
            <span>Pictures and films</span>
            <input
              type="file"
              multiple
              accept={ACCEPTED}
              onChange={(event) => {
                attach(event.target.files);
                event.target.value = '';
              }}
            />
          </label>
          <AudienceChoice value={visibility} onChange={setVisibility} />
          <span className="quiet hint">{HINTS[visibility]}</span>
          <button type="submit" className="button button-main" disabled={send.busy || empty}>
            Post
          </button>
        </div>
      </div>
    </form>
  );
}

function AttachedList({ attached, onChange }: { attached: Attached[]; onChange: (attached: Attached[]) => void }) {
  if (attached.length === 0) return null;
  const describe = (key: number, altText: string) =>
    onChange(attached.map((picture) => (picture.key === key ? { ...picture, altText } : picture)));
  return (
    <ul className="attached" aria-label="Attached pictures and films">
      {attached.map((picture) => (
        <li key={picture.key}>
          <LocalPreview file={picture.file} label={picture.altText || picture.file.name} />
          <input
            aria-label={`Describe ${picture.file.name}`}
            placeholder="Describe it for those who cannot see it"
            value={picture.altText}
            onChange={(event) => describe(picture.key, event.target.value)}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove ${picture.file.name}`}
            onClick={() => onChange(attached.filter((other) => other.key !== picture.key))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
