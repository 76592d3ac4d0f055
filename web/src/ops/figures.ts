/** Seconds with three figures, in the unit that suits them. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 0.000_999_5) return `${(seconds * 1_000_000).toPrecision(3)} µs`;
  if (seconds < 0.999_5) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  return seconds < 100 ? `${Number(seconds.toPrecision(3))} s` : `${Math.round(seconds)} s`;
}

export const share = (value: number): string =>
  value === 0 ? '0 %' : value < 0.001 ? '< 0.1 %' : `${Number((value * 100).toPrecision(value < 0.1 ? 2 : 3))} %`;

export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 0.01 ? '< 0.01' : String(Number(perSecond.toPrecision(3)));
}

export const clock = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString('en', { hour12: false, timeStyle: 'medium' });

/** The points of a line that fills a box, apart where nothing is known; null without anything to draw. */
export function polylines(values: ReadonlyArray<number | null>, width: number, height: number): string[] {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known, 0);
  if (top === 0) return [];
  const step = width / Math.max(values.length - 1, 1);
  const lines: string[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) lines.push([]);
    else lines.at(-1)?.push(`${(index * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`);
  });
  return lines.filter((line) => line.length > 0).map((line) => line.join(' '));
}
