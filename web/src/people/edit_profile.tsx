import { useState, type SubmitEvent } from 'react';
import { client, uploader } from '../graphql/api';
import { UpdateProfile, UploadMedia, type PersonParts, type ProfileResult } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { Avatar } from '../ui/person';
import { LocalPreview } from '../ui/local_preview';

type Person = NonNullable<ProfileResult['user']>;
type Changed = PersonParts & Pick<Person, 'bio'>;

/** What others read of a person, changed by themselves: name, words, picture. */
export function EditProfile({ person, onDone }: { person: Person; onDone: (changed: Changed | null) => void }) {
  const [displayName, setDisplayName] = useState(person.displayName);
  const [bio, setBio] = useState(person.bio ?? '');
  const [chosen, setChosen] = useState<File | null>(null);
  const save = useAction(async () => {
    const picture = chosen === null ? null : await upload(chosen, displayName);
    if (picture !== null && 'problem' in picture) return picture.problem;
    const input = { displayName: displayName.trim(), bio: bio.trim(), ...(picture !== null && { avatarId: picture.id }) };
    const { user, userErrors } = (await client.request(UpdateProfile, { input })).updateProfile;
    if (user !== null) onDone(user);
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save.run();
  };
  return (
    <form className="edit-profile card" onSubmit={submit} aria-label="Your profile">
      <label className="file-button">
        {chosen === null ? <Avatar person={person} size="l" /> : <LocalPreview file={chosen} label="Your new picture" />}
        <span>Another picture</span>
        <input type="file" accept="image/*" onChange={(event) => setChosen(event.target.files?.[0] ?? null)} />
      </label>
      <label className="field">
        <span>Name</span>
        <input value={displayName} required autoComplete="name" onChange={(event) => setDisplayName(event.target.value)} />
      </label>
      <label className="field">
        <span>About you</span>
        <textarea rows={3} value={bio} onChange={(event) => setBio(event.target.value)} />
      </label>
      <Problem text={save.problem} />
      <p className="edit-profile-end">
        <button type="submit" className="button button-main" disabled={save.busy || displayName.trim() === ''}>
          Save
        </button>
        <button type="button" className="button" onClick={() => onDone(null)}>
          Cancel
        </button>
      </p>
    </form>
  );
}

/** Private: whoever sees the person sees it, and it does not hang in the gallery. */
async function upload(file: File, name: string): Promise<{ id: string } | { problem: string }> {
  const input = { file, visibility: 'PRIVATE', altText: name.trim() } as const;
  const { media, userErrors } = (await uploader.upload(UploadMedia, { input }, 'input.file', file, {})).uploadMedia;
  return media ?? { problem: told(userErrors) ?? 'The picture was not taken.' };
}
