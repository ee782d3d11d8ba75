import { OptionError } from '@nn/tensor';
import { type Colour, mix } from './colours.js';
import type { Role } from './diagram.js';

export type ThemeName = 'light' | 'dark';

/** The colours of a picture. */
export interface Theme {
  readonly background: Colour;
  /** Text. */
  readonly ink: Colour;
  /** Lines, and text of less weight. */
  readonly muted: Colour;
  /** Grid lines and frames. */
  readonly faint: Colour;
  /** Of curves, classes and marks, in order; told apart without telling red from green. */
  readonly series: readonly Colour[];
  /** Boxes of drawings. */
  readonly roles: Readonly<Record<Role, Colour>>;
  /** The least and the most of an amount. */
  readonly amounts: readonly [least: Colour, most: Colour];
  /** The hottest box of a drawing. */
  readonly hot: Colour;
  /** Marks of boxes with shared weights. */
  readonly sharing: Colour;
  /** Signed numbers: the lowest, zero, the highest. */
  readonly signed: readonly [low: Colour, zero: Colour, high: Colour];
}

const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: '#ffffff',
    ink: '#0f172a',
    muted: '#64748b',
    faint: '#e2e8f0',
    series: [
      '#2563eb',
      '#ea580c',
      '#0d9488',
      '#9333ea',
      '#ca8a04',
      '#db2777',
      '#475569',
      '#0891b2',
      '#65a30d',
      '#7f1d1d',
    ],
    roles: {
      input: '#dcfce7',
      layer: '#f8fafc',
      output: '#dcfce7',
      target: '#fef9c3',
      loss: '#fee2e2',
      metric: '#f3e8ff',
      optimizer: '#e0e7ff',
    },
    amounts: ['#f1f5f9', '#1d4ed8'],
    hot: '#fb923c',
    sharing: '#c2410c',
    signed: ['#1d4ed8', '#ffffff', '#c2410c'],
  },
  dark: {
    background: '#0f172a',
    ink: '#f1f5f9',
    muted: '#94a3b8',
    faint: '#334155',
    series: [
      '#60a5fa',
      '#fb923c',
      '#2dd4bf',
      '#c084fc',
      '#facc15',
      '#f472b6',
      '#cbd5e1',
      '#22d3ee',
      '#a3e635',
      '#fca5a5',
    ],
    roles: {
      input: '#14532d',
      layer: '#1e293b',
      output: '#14532d',
      target: '#524306',
      loss: '#6b1d1d',
      metric: '#4a1d6e',
      optimizer: '#312e81',
    },
    amounts: ['#1e293b', '#3b82f6'],
    hot: '#b45309',
    sharing: '#fb923c',
    signed: ['#60a5fa', '#0f172a', '#fb923c'],
  },
};

/** Default `light`. Errors (OptionError): a theme that there is not. */
export function themeOf(name: ThemeName = 'light'): Theme {
  if (!Object.hasOwn(themes, name)) throw new OptionError(`There is no theme "${name}"; there are light and dark.`);
  return themes[name];
}

/** The colour of a signed number; `share` from −1, the lowest, to 1, the highest. */
export const signedColour = ({ signed: [low, zero, high] }: Theme, share: number): Colour =>
  share < 0 ? mix(zero, low, -share) : mix(zero, high, share);
