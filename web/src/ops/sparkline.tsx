import { duration, polylines } from './figures';

const WIDTH = 96;
const HEIGHT = 22;

export function Sparkline({ values }: { values: ReadonlyArray<number | null> }) {
  const known = values.filter((value) => value !== null);
  const label = known.length === 0 ? 'nothing yet' : `p95 up to ${duration(Math.max(...known))} in ten minutes`;
  return (
    <svg className="ops-line" viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      {polylines(values, WIDTH, HEIGHT).map((points) =>
        points.includes(' ') ? (
          <polyline key={points} points={points} />
        ) : (
          <circle key={points} cx={points.split(',')[0]} cy={points.split(',')[1]} r="1.5" />
        ),
      )}
    </svg>
  );
}
