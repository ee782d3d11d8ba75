const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands in SVG and in Graphviz' labels. */
export const escapeText = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]);
