// Lays .br and .gz beside each text file of a folder, so that the server compresses nothing while it answers:
// `node tools/precompress.mjs FOLDER QUALITY`, with Brotli's quality. Its best, 11, takes twenty times as long as 9.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder, quality] = process.argv.slice(2);
const TEXT = /\.(?:js|css|html|svg|json|txt)$/;
const SMALLEST = 512;

for (const name of readdirSync(folder, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const file = join(folder, name);
  const content = readFileSync(file);
  if (content.length < SMALLEST) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: Number(quality), [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
