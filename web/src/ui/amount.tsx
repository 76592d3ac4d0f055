import '../styles/amount.css';
import { useState, type KeyboardEvent } from 'react';
import { Icon } from './icon';

interface Props {
  /** Of what, for those who hear it. */
  of: string;
  value: number;
  onChange: (value: number) => void;
}

/** That the graph takes of one product. */
const MOST = 99;

/** How many of something: typed, or one fewer and one more by buttons. */
export function Amount({ of, value, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const want = (number: number) => {
    setTyped(null);
    const within = Math.min(MOST, Math.max(1, number));
    if (within !== value) onChange(within);
  };
  const settle = () => {
    if (typed === null) return;
    const number = Number.parseInt(typed, 10);
    want(Number.isNaN(number) ? value : number);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') settle();
  };
  return (
    <span className="amount" role="group" aria-label={`Amount of ${of}`}>
      <button type="button" className="icon-button" aria-label="One fewer" aria-disabled={value <= 1} onClick={() => want(value - 1)}>
        <Icon name="less" />
      </button>
      <input
        aria-label={`Amount of ${of}`}
        inputMode="numeric"
        autoComplete="off"
        value={typed ?? String(value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={pressed}
      />
      <button type="button" className="icon-button" aria-label="One more" aria-disabled={value >= MOST} onClick={() => want(value + 1)}>
        <Icon name="plus" />
      </button>
    </span>
  );
}
