import { fileURLToPath } from 'node:url';

/** The font of every picture. Verdana has the same widths, for viewers of SVG that lack DejaVu Sans. */
export const fontName = 'DejaVu Sans';
export const fontFamily = `${fontName}, Verdana, sans-serif`;

/** The files that come with this package, so that text is drawn on machines without fonts; see fonts/DEJAVU-COPYING.txt. */
export const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  fileURLToPath(new URL(`../fonts/${name}`, import.meta.url)),
);

/** True for text beyond the letters of DejaVu Sans, such as Chinese, for which the system's fonts are asked. */
export const needsSystemFonts = (text: string): boolean => /[\u0900-\u1cff\u2c00-\u{10ffff}]/u.test(text);
