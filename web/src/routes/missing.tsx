import { useTitle } from '../hooks';
import { Link, paths } from '../router';

export default function Missing({ hint = 'The address may be mistyped, or what it named is gone.' }: { hint?: string }) {
  useTitle('Not found');
  return (
    <div className="page">
      <div className="notice">
        <h1>Nothing is here</h1>
        <p>{hint}</p>
        <Link to={paths.home} className="button">
          Go home
        </Link>
      </div>
    </div>
  );
}
