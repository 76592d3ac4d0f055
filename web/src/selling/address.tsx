import { slugOf } from '../slug';

interface Props {
  name: string;
  /** Null while it is made from the name. */
  chosen: string | null;
  onChoose: (slug: string) => void;
}

export const addressOf = (name: string, chosen: string | null): string => chosen ?? slugOf(name);

/** The last part of an address: made from the name until somebody chooses another. */
export function Address({ name, chosen, onChoose }: Props) {
  return (
    <label className="field">
      <span>Address</span>
      <input value={addressOf(name, chosen)} required maxLength={80} autoComplete="off" onChange={(event) => onChoose(event.target.value)} />
    </label>
  );
}
