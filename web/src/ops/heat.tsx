import { useEffect, useRef } from 'react';
import { duration } from './figures';
import type { HeatParts } from './generated';
import { Panel } from './panel';

const CELL_WIDTH = 12;
const CELL_HEIGHT = 11;
const LEFT = 64;

export function Heat({ heat, of }: { heat: HeatParts; of: string }) {
  const box = useRef<HTMLDivElement>(null);
  // Where it is too wide, what is seen first is now, and not ten minutes ago.
  useEffect(() => {
    const shown = box.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => shown.scrollTo({ left: shown.scrollWidth }));
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);
  const rows = heat.bounds.length + 1;
  const most = Math.max(1, ...heat.columns.flat());
  const width = LEFT + heat.columns.length * CELL_WIDTH;
  const height = rows * CELL_HEIGHT + 20;
  return (
    <Panel anchor="durations" title="Durations over time" note={`Executions of ${of}: the darker, the more. Each column is ${heat.columnSeconds} seconds; the last is now.`} wide>
      <div className="ops-scroll" ref={box}>
        <svg className="ops-heat" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={summary(heat)}>
          {heat.bounds.map((bound, row) =>
            row % 3 === 0 ? (
              <text key={bound} x={LEFT - 6} y={(rows - 1 - row) * CELL_HEIGHT + 4} textAnchor="end">
                {duration(bound)}
              </text>
            ) : null,
          )}
          {heat.columns.flatMap((counts, column) =>
            counts.map((count, row) =>
              count === 0 ? null : (
                <rect
                  key={`${column} ${row}`}
                  x={LEFT + column * CELL_WIDTH}
                  y={(rows - 1 - row) * CELL_HEIGHT}
                  width={CELL_WIDTH - 1}
                  height={CELL_HEIGHT - 1}
                  opacity={0.15 + (0.85 * Math.log1p(count)) / Math.log1p(most)}
                />
              ),
            ),
          )}
          <text x={LEFT} y={height - 4}>
            {Math.round((heat.columns.length * heat.columnSeconds) / 60)} minutes ago
          </text>
          <text x={width} y={height - 4} textAnchor="end">
            now
          </text>
        </svg>
      </div>
    </Panel>
  );
}

/** For who does not see it: how many there were, and how long the longest took. */
export function summary({ columns, bounds, columnSeconds }: HeatParts): string {
  const counted = columns.flat().reduce((sum, count) => sum + count, 0);
  const longest = Math.max(-1, ...columns.map((counts) => counts.findLastIndex((count) => count > 0)));
  const minutes = Math.round((columns.length * columnSeconds) / 60);
  if (longest < 0) return `Nothing in ${minutes} minutes`;
  const bound = bounds[longest];
  const told = bound === undefined ? `above ${duration(bounds.at(-1) ?? 0)}` : `up to ${duration(bound)}`;
  return `${counted} executions in ${minutes} minutes, the longest ${told}`;
}
