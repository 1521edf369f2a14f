// Reads a ZIP file as people unpack it.

import { inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * The files of a ZIP, in its order.
 *
 * @param {Buffer} zip
 * @returns {{name: string, mimeType: string, buffer: Buffer}[]} ready for a file input
 */
export function unzip(zip) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error("not a ZIP file");
  const files = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error("the directory of the ZIP is broken");
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    files.push({
      name: zip.toString("utf8", at + 46, at + 46 + name),
      mimeType: "application/octet-stream",
      buffer: method === 0 ? Buffer.from(packed) : inflateRawSync(packed),
    });
    at += 46 + name + extra + comment;
  }
  return files;
}
