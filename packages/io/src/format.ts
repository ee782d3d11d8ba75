import type { DType } from '@nn/tensor';

/** The name in the root attribute `format` of our files, and the newest layout that this code knows. */
export const format = { name: '@nn/io', version: 1 } as const;

/** How HDF5 types are written in h5wasm: little-endian, as NumPy's type codes. */
export const storedTypes: Readonly<Record<DType, string>> = { f32: '<f', f64: '<d', i32: '<i', u8: '<B' };

/** The link for a state key: HDF5 reads `/` as a path and `.` as the group itself. */
export const linkOf = (key: string): string =>
  key === '.' ? '%2E' : key.replaceAll('%', '%25').replaceAll('/', '%2F');

/** The state key of a link. */
export const keyOf = (link: string): string => link.replace(/%(2E|2F|25)/g, (code) => decodeURIComponent(code));
