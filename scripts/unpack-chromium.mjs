// Unpacks @sparticuz/chromium, with the libraries it carries, and writes a command that runs it.
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const cache = resolve(process.argv[2]);
const packed = join(cache, "node_modules/@sparticuz/chromium/bin");

const unpack = (name, target) =>
  pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(target));

await unpack("chromium.br", join(cache, "headless"));
await chmod(join(cache, "headless"), 0o755);
for (const name of ["al2023", "swiftshader", "fonts"]) {
  if (!existsSync(join(packed, `${name}.tar.br`))) continue;
  const archive = join(cache, `${name}.tar`);
  await unpack(`${name}.tar.br`, archive);
  await mkdir(join(cache, name), { recursive: true });
  execFileSync("tar", ["-xf", archive, "-C", name === "swiftshader" ? cache : join(cache, name)]);
  await rm(archive);
}
// Its own fonts.conf looks where the package is usually deployed, and without a font no text has a size.
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(cache, "fonts/fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(cache, "fonts/cache")}</cachedir>
</fontconfig>
`;
await writeFile(join(cache, "fonts/fonts.conf"), fonts);
const command = `#!/bin/sh
here="$(dirname "$(readlink -f "$0")")"
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="\${FONTCONFIG_PATH:-$here/fonts}"
exec "$here/headless" "$@"
`;
await writeFile(join(cache, "chromium"), command, { mode: 0o755 });
