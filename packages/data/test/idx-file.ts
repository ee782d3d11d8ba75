/** The bytes of an IDX file: numbers of one to eight bytes, highest byte first. */
export function idxFile(code: number, shape: readonly number[], numbers: readonly number[]): Uint8Array {
  const bytes = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }[code] ?? 1;
  const header = 4 + 4 * shape.length;
  const file = new Uint8Array(header + numbers.length * bytes);
  const view = new DataView(file.buffer);
  file.set([0, 0, code, shape.length]);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  numbers.forEach((value, i) => {
    const offset = header + i * bytes;
    if (code === 8) view.setUint8(offset, value);
    if (code === 9) view.setInt8(offset, value);
    if (code === 11) view.setInt16(offset, value);
    if (code === 12) view.setInt32(offset, value);
    if (code === 13) view.setFloat32(offset, value);
    if (code === 14) view.setFloat64(offset, value);
  });
  return file;
}
