import { fitXor } from './fit-xor.js';
import { learnXor } from './xor.js';

/** What a page can be asked to do. */
export const tasks = { fitXor, learnXor };

Object.assign(globalThis, { tasks });
