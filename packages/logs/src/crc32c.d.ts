declare module 'crc-32/crc32c.js' {
  /** CRC-32C (Castagnoli) of bytes, as a signed 32-bit number. */
  export function buf(bytes: Uint8Array): number;
}
