const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });
const count = new Intl.NumberFormat('en', { notation: 'compact' });

const WEEK_S = 7 * 86_400;

export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds > WEEK_S) return day.format(Date.parse(iso));
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return 'just now';
}

export const fullDate = (when: string | number): string => moment.format(new Date(when));
export const shortDate = (iso: string): string => day.format(Date.parse(iso));
export const compact = (value: number): string => count.format(value);

export interface Sum {
  amount: number;
  currency: string;
}

// By ISO 4217, as the graph counts; browsers go by how a currency is written every day (a forint without its fillér).
const NO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));
const FOUR_DECIMALS = new Set(['CLF', 'UYW']);

/** How many digits stand behind the point. */
export function decimals(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0;
  if (THREE_DECIMALS.has(currency)) return 3;
  return FOUR_DECIMALS.has(currency) ? 4 : 2;
}

/** Exact: a decimal in text, which no division has rounded. */
export function decimalOf({ amount, currency }: Sum): string {
  const digits = decimals(currency);
  const minor = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? minor : `${minor.slice(0, -digits)}.${minor.slice(-digits)}`;
}

export function money({ amount, currency }: Sum): string {
  const digits = decimals(currency);
  const exact = decimalOf({ amount, currency });
  const how = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat('en', how).format(exact as `${number}`);
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${Math.round(value / 1000)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** A film's length, as players show it. */
export function lasting(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

export const plural = (value: number, one: string, many = `${one}s`): string => `${compact(value)} ${value === 1 ? one : many}`;
