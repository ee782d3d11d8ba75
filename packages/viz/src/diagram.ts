import type { Parameter } from '@nn/tensor';

/** What a box stands for; it decides the colour. */
export type Role = 'input' | 'layer' | 'output' | 'target' | 'loss' | 'metric' | 'optimizer';

export interface Box {
  readonly id: string;
  readonly role: Role;
  readonly title: string;
  /** Below the title, a line each. */
  readonly lines: readonly string[];
  /** Where what it stands for computes, with all that lies inside: paths of layers, such as `trunk.2`. */
  readonly paths?: readonly string[];
  /** Its parameters and those of all inside. */
  readonly parameters?: readonly Parameter[];
  /** How hot it is drawn, 0 to 1; by its role otherwise. */
  readonly heat?: number;
  /** True if other boxes have the same weights. */
  readonly shared?: boolean;
  /** The group that it lies in. */
  readonly group?: Group;
}

/** A frame around the boxes of a network inside a network. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly parent?: Group;
}

/** An arrow between boxes, by their ids. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Beside it. */
  readonly label?: string;
}

/** What a drawing shows, before anything is placed. */
export interface Diagram {
  readonly title: string;
  /** Below the title, a line each. */
  readonly lines?: readonly string[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}
