/** A PNG of `pixels` [height · width · 3], red, green and blue. */
export async function pngOf(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  const { PNG } = (await import('pngjs')).default;
  const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return PNG.sync.write({ width, height, data } as never, { colorType: 2, inputColorType: 2, inputHasAlpha: false });
}
