import { fileURLToPath } from 'node:url';

/** The path of a script in `peers`, which runs in a process of its own; from `src` and from `dist` alike. */
export const peerScript = (name: string): string => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
