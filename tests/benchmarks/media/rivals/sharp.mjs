// One way of using sharp on one picture: `node sharp.mjs WAY FILE REPEATS OUT`. Prints CPU milliseconds and peak MB.
import { readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);
const SIDES = [1920, 800, 400, 150];
const inside = (side) => [side, side, { fit: "inside", withoutEnlargement: true }];

// What its documentation shows: each output is a pipeline of its own, from the file.
async function usual(file) {
  const out = {};
  for (const side of SIDES)
    out[side] = await sharp(file).rotate().resize(...inside(side)).webp({ quality: 80 }).toBuffer();
  await sharp(file).rotate().resize(...inside(32)).webp({ quality: 50 }).toBuffer();
  await sharp(file).stats();
  return out;
}

// One decode, and each size from the one above it.
async function best(file) {
  let { data, info } = await sharp(file)
    .rotate()
    .resize(...inside(1920))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const out = {};
  const raw = () => ({ raw: { width: info.width, height: info.height, channels: info.channels } });
  for (const side of SIDES) {
    if (side !== 1920)
      ({ data, info } = await sharp(data, raw())
        .resize(...inside(side))
        .raw()
        .toBuffer({ resolveWithObject: true }));
    out[side] = await sharp(data, raw()).webp({ quality: 80 }).toBuffer();
  }
  await sharp(data, raw()).resize(...inside(32)).webp({ quality: 50 }).toBuffer();
  await sharp(data, raw()).stats();
  return out;
}

async function avif(file) {
  return { 1920: await sharp(file).rotate().resize(...inside(1920)).avif().toBuffer() };
}

const [, , way, path, repeats, folder] = process.argv;
const file = readFileSync(path);
const cpu = [];
let out;
for (let at = 0; at < Number(repeats); at++) {
  const before = process.cpuUsage();
  out = await { usual, best, avif }[way](file);
  const used = process.cpuUsage(before);
  cpu.push((used.user + used.system) / 1000);
}
for (const [side, data] of Object.entries(out)) writeFileSync(`${folder}/${side}`, data);
const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
console.log(JSON.stringify({ cpu, peak: peak / 1024 }));
