import type { PostVisibility } from '../graphql/generated';

const AUDIENCES: Array<[PostVisibility, string]> = [
  ['PUBLIC', 'Everyone'],
  ['FOLLOWERS', 'Followers'],
  ['PRIVATE', 'Only me'],
];

interface Props {
  value: PostVisibility;
  onChange: (visibility: PostVisibility) => void;
}

export function AudienceChoice({ value, onChange }: Props) {
  return (
    <label className="audience">
      <span className="unseen">Who can see it</span>
      <select value={value} onChange={(event) => onChange(event.target.value as PostVisibility)}>
        {AUDIENCES.map(([visibility, words]) => (
          <option key={visibility} value={visibility}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
