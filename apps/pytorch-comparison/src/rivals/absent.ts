import type { Rival } from '../contestant.js';

/** A rival, and what reports call it with its version. */
export type TitledRival = Rival & { readonly title: string };

/** A framework that is not installed; the message says how to install it. */
export class AbsentRival extends Error {}
