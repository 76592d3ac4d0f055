// Lays .br and .gz beside each text file of dist, so that the server compresses nothing while it answers.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const TEXT = /\.(?:js|css|html|svg|json|txt)$/;
const SMALLEST = 512;

for (const name of readdirSync(dist, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const file = new URL(name, dist);
  const content = readFileSync(file);
  if (content.length < SMALLEST) continue;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file.pathname}.br`, brotliCompressSync(content, { params: quality }));
  writeFileSync(`${file.pathname}.gz`, gzipSync(content, { level: 9 }));
}
