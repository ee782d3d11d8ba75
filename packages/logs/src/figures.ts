import type { EpochRecord, Figures } from '@nn/train';

/** A split's figures that are single numbers, as [name, value]: `loss`, each loss where there are several, each metric. */
export function scalarsOf({ loss, losses, metrics }: Figures): (readonly [name: string, value: number])[] {
  const several = Object.keys(losses).length > 1 ? Object.entries(losses) : [];
  return [
    ['loss', loss] as const,
    ...several.map(([name, value]) => [`loss.${name}`, value] as const),
    ...Object.entries(metrics).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : [])),
  ];
}

/** The splits that an epoch was measured on. */
export const splitsOf = ({ train, validation }: EpochRecord): (readonly [split: string, figures: Figures])[] => [
  ['train', train],
  ...(validation ? [['validation', validation] as const] : []),
];
