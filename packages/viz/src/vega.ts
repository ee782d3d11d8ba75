import type { Config, TopLevelSpec } from 'vega-lite';
import { fontFamily } from './fonts.js';
import { type ThemeName, themeOf } from './theme.js';

/** The common style in the colours of a theme. */
function configOf(name: ThemeName | undefined): Config {
  const { background, ink, muted, faint, series } = themeOf(name);
  const text = { labelColor: ink, titleColor: ink };
  return {
    font: fontFamily,
    background,
    title: { fontSize: 16, anchor: 'start', offset: 12, color: ink, subtitleColor: muted, subtitleFontSize: 12 },
    axis: { labelFontSize: 11, titleFontSize: 12, gridColor: faint, domainColor: muted, tickColor: muted, ...text },
    legend: { labelFontSize: 12, titleFontSize: 12, ...text },
    header: text,
    text: { color: ink },
    view: { stroke: faint },
    range: { category: [...series] },
    padding: 12,
  };
}

export interface ChartOptions {
  /** Default `light`. */
  readonly theme?: ThemeName;
}

/** Draws a Vega-Lite chart in the common style, without a browser; the result is SVG. Errors: those of Vega-Lite. */
export async function chart(spec: TopLevelSpec, { theme }: ChartOptions = {}): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = vegaLite.compile(spec, { config: configOf(theme) });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
