/** A number of a curve. */
export interface Point {
  readonly x: number;
  readonly series: string;
  /** null leaves a gap. */
  readonly value: number | null;
}

export interface SeriesPanel {
  readonly points: readonly Point[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly names: readonly string[];
  readonly colours: readonly string[];
  /** Default false. */
  readonly logarithmic?: boolean;
  /** Draws each later curve in dashes, so that one that it covers is seen. Default false. */
  readonly dashed?: boolean;
}

/** A Vega-Lite chart of curves with named axes and a legend; points are marked where there are few. */
export function seriesPanel({ points, xTitle, yTitle, names, colours, logarithmic, dashed }: SeriesPanel) {
  const count = new Set(points.map(({ x }) => x)).size;
  const axis = { title: null, orient: 'bottom', symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 3 } as const;
  const [values, domain, range] = [[...points], [...names], [...colours]];
  const dashes = names.map((_, i) => (i === 0 ? [1, 0] : [2 + 4 * i, 4]));
  const strokeDash = { field: 'series', type: 'nominal', scale: { domain, range: dashes }, legend: axis } as const;
  return {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: count <= 40 ? { size: 30 } : false },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: xTitle,
        scale: { zero: false, nice: false, padding: 8 },
        axis: { tickMinStep: 1, format: 'd', tickCount: 8, grid: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: yTitle,
        scale: logarithmic ? ({ type: 'log' } as const) : ({ zero: false } as const),
        axis: { format: '.4~g' },
      },
      color: { field: 'series', type: 'nominal', scale: { domain, range }, legend: axis },
      ...(dashed ? { strokeDash } : {}),
    },
  } as const;
}
