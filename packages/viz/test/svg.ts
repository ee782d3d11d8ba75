const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** What an SVG says: its texts in order. */
export const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, text]) =>
    text
      .replace(/<[^>]+>/g, '')
      .replace(/&(#\d+|\w+);/g, (whole, name: string) =>
        name.startsWith('#') ? String.fromCharCode(Number(name.slice(1))) : (entities[name] ?? whole),
      ),
  );

/** Width and height of a PNG in pixels. */
export function sizeOfPng(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  if (view.getUint32(0) !== 0x89504e47) throw new Error('This is not a PNG.');
  return [view.getUint32(16), view.getUint32(20)];
}
