import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('has committed what the generator writes from the schema and the operations', () => {
  const run = () => execFileSync('node', ['tools/codegen.mjs', '--check'], { encoding: 'utf8', stdio: 'pipe' });
  expect(run).not.toThrow();
});
