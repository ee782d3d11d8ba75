export { type PlotConfusionMatrixOptions, plotConfusionMatrix } from './confusion-matrix.js';
export { type CurvesOptions, plotCurves } from './curves.js';
export { type DrawingOptions, drawing } from './drawing.js';
export { type CaptionedImage, type ImageGridOptions, imageGrid } from './image-grid.js';
export type { Picture, PictureFormat, PictureOptions } from './picture.js';
export { chart } from './vega.js';
