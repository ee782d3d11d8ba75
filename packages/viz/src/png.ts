/** A PNG of `pixels` [height · width · 3], red, green and blue. */
export async function pngOf(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  const { PNG } = (await import('pngjs')).default;
  const png = new PNG({ width, height });
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false });
}
