import type { TopLevelSpec } from 'vega-lite';
import { fontFamily } from './fonts.js';

const config = {
  font: fontFamily,
  background: 'white',
  title: { fontSize: 16, anchor: 'start', offset: 12 },
  axis: { labelFontSize: 11, titleFontSize: 12, gridColor: '#e5e7eb' },
  legend: { labelFontSize: 12, titleFontSize: 12 },
  padding: 12,
} as const;

/** Draws a Vega-Lite chart in the common style, without a browser; the result is SVG. Errors: those of Vega-Lite. */
export async function chart(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { config }).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
