import crc32c from 'crc-32/crc32c.js';
import { PbfWriter } from 'pbf';

/** What one record of an event file says, besides its time. */
export type TensorBoardEvent =
  | { readonly fileVersion: string }
  | { readonly step: number; readonly scalars: readonly (readonly [tag: string, value: number])[] }
  /** A run goes on at `step`: what is in earlier files from there on counts no more. */
  | { readonly step: number; readonly sessionStart: true };

const sessionStarted = 1;

/**
 * The message `Event` of TensorFlow's event.proto: wall_time = 1 (double, seconds), step = 2, file_version = 3,
 * summary = 5 with value = 1 of { tag = 1, simple_value = 2 (float) }, session_log = 7 with status = 1.
 */
export function encodeEvent(seconds: number, event: TensorBoardEvent): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, seconds);
  if ('step' in event && event.step !== 0) pbf.writeVarintField(2, event.step);
  if ('fileVersion' in event) pbf.writeStringField(3, event.fileVersion);
  if ('scalars' in event)
    pbf.writeMessage(
      5,
      (scalars, summary) => {
        for (const scalar of scalars)
          summary.writeMessage(
            1,
            ([tag, number], value) => {
              value.writeStringField(1, tag);
              value.writeFloatField(2, number);
            },
            scalar,
          );
      },
      event.scalars,
    );
  if ('sessionStart' in event) pbf.writeMessage(7, (status, log) => log.writeVarintField(1, status), sessionStarted);
  return pbf.finish();
}

/**
 * A record of a TFRecord file: length (u64), its masked CRC-32C, the bytes, their masked CRC-32C; little-endian.
 * Source: TensorFlow, core/lib/io/record_writer.h.
 */
export function encodeRecord(content: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + content.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedChecksum(record.subarray(0, 8)), true);
  record.set(content, 12);
  view.setUint32(12 + content.length, maskedChecksum(content), true);
  return record;
}

/** `((c >> 15) | (c << 17)) + 0xa282ead8`, so that the checksum of data with checksums in it is no constant. */
function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes) >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
