import { useState } from 'react';
import type { MediaVisibility } from '../graphql/generated';
import { bytes } from '../format';
import { Icon } from '../ui/icon';
import { LocalPreview } from '../ui/local_preview';
import { useViewer } from '../viewer';
import { ACCEPTED } from './accepted';
import type { Choice } from './send_media';
import type { Upload } from './use_uploads';

interface Props {
  uploads: Upload[];
  add: (files: Iterable<File>, choice: Choice) => void;
  drop: (key: number) => void;
  again: (key: number) => void;
}

export function UploadForm({ uploads, add, drop, again }: Props) {
  const { signedIn } = useViewer();
  const [visibility, setVisibility] = useState<MediaVisibility>('PUBLIC');
  const [altText, setAltText] = useState('');
  const [keepCopyright, setKeepCopyright] = useState(false);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    if (files === null || files.length === 0) return;
    add(files, { visibility, altText, keepCopyright });
    setAltText('');
  };
  return (
    <section className="upload card" aria-label="Add pictures">
      <div className="upload-choices">
        <VisibilityChoice value={visibility} onChange={setVisibility} name="new-visibility" />
        <label className="field">
          <span>Description</span>
          <input
            value={altText}
            placeholder="What the picture shows"
            onChange={(event) => setAltText(event.target.value)}
          />
        </label>
        <CopyrightChoice checked={keepCopyright} onChange={setKeepCopyright} />
      </div>
      <label className="drop" data-over={over || undefined}>
        <Icon name="upload" size={28} />
        <span>
          <strong>Choose pictures or films</strong>, or drop them here
        </span>
        <span className="quiet">
          {signedIn ? 'JPEG, PNG, GIF, WebP or AVIF; MP4, MOV or WebM' : 'Once you are signed in.'}
        </span>
        {/* It covers the whole zone, so that a drop is the browser's own. */}
        <input
          type="file"
          multiple
          accept={ACCEPTED}
          onDragEnter={() => setOver(true)}
          onDragLeave={() => setOver(false)}
          onDrop={() => setOver(false)}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
      </label>
      {uploads.length > 0 && (
        <ul className="uploads" aria-label="On their way">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} drop={drop} again={again} />
          ))}
        </ul>
      )}
    </section>
  );
}

function stage(upload: Upload): string {
  if (upload.state === 'waiting') return 'Waiting';
  return upload.sent < 1 ? `${Math.floor(upload.sent * 100)} %` : 'Being prepared…';
}

function UploadRow({ upload, drop, again }: { upload: Upload } & Pick<Props, 'drop' | 'again'>) {
  const failed = upload.state === 'failed';
  return (
    <li className="upload-row">
      <LocalPreview file={upload.file} label={upload.file.name} />
      <div>
        <p className="upload-name">
          <span>{upload.file.name}</span> <span className="quiet">{bytes(upload.file.size)}</span>
        </p>
        {failed ? (
          <p className="problem" role="alert">
            {upload.problem}
          </p>
        ) : (
          <div className="upload-progress">
            <progress className="bar" max={1} value={upload.sent} aria-label={`Sending ${upload.file.name}`} />
            <span>{stage(upload)}</span>
          </div>
        )}
      </div>
      {failed && upload.retryable && (
        <button type="button" className="button" onClick={() => again(upload.key)}>
          Try again
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={failed ? `Dismiss ${upload.file.name}` : `Cancel ${upload.file.name}`}
        onClick={() => drop(upload.key)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

interface CopyrightProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function CopyrightChoice({ checked, onChange, disabled = false }: CopyrightProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <span>
        Keep copyright and artist
        <span className="quiet">As your camera or program wrote them. All else that it wrote is removed either way.</span>
      </span>
    </label>
  );
}

interface ChoiceProps {
  value: MediaVisibility;
  onChange: (value: MediaVisibility) => void;
  name: string;
  disabled?: boolean;
}

export function VisibilityChoice({ value, onChange, name, disabled = false }: ChoiceProps) {
  return (
    <fieldset className="visibility" disabled={disabled}>
      <legend>Who can see it</legend>
      <label>
        <input type="radio" name={name} value="PUBLIC" checked={value === 'PUBLIC'} onChange={() => onChange('PUBLIC')} />
        <Icon name="globe" size={17} /> Public
      </label>
      <label>
        <input
          type="radio"
          name={name}
          value="PRIVATE"
          checked={value === 'PRIVATE'}
          onChange={() => onChange('PRIVATE')}
        />
        <Icon name="lock" size={17} /> Private
      </label>
    </fieldset>
  );
}
