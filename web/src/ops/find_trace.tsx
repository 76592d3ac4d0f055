import { useId, useRef, useState } from 'react';
import type { OpsInput } from './generated';

interface Props {
  given: OpsInput;
  /** Whether the one asked for is known. */
  found: boolean;
  change: (given: Partial<OpsInput>) => void;
}

/** By the number that somebody was told where something failed. */
export function FindTrace({ given, found, change }: Props) {
  const [field, said] = [useId(), useId()];
  const [wrong, setWrong] = useState(false);
  const asked = given.trace ?? '';
  const input = useRef<HTMLInputElement>(null);
  const find = () => {
    const text = input.current?.value.trim() ?? '';
    const id = traceOf(text);
    setWrong(id === null && text !== '');
    if (id !== null || text === '') change({ trace: id ?? '' });
  };
  const problem = wrong
    ? 'The number of a trace is 32 digits from 0 to f.'
    : asked !== '' && !found
      ? `No process remembers the trace ${asked}: it was not kept, or is forgotten.`
      : null;
  return (
    <>
      <form
        className="ops-filter"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <label htmlFor={field} className="unseen">
          Find a trace by its number
        </label>
        <input
          id={field}
          ref={input}
          key={asked}
          type="search"
          placeholder="The number of a trace"
          defaultValue={asked}
          aria-describedby={said}
          autoComplete="off"
          spellCheck={false}
        />
        <button type="submit" className="button">
          Find
        </button>
      </form>
      <p id={said} className="problem" role="status" hidden={problem === null}>
        {problem}
      </p>
    </>
  );
}

/** The id in what was pasted: alone, or in a `traceparent`; null where there is none. */
export function traceOf(text: string): string | null {
  const found = /^\s*(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?\s*$/i.exec(text);
  return found?.[1]?.toLowerCase() ?? null;
}
