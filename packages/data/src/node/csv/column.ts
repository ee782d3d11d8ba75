/** What a column holds: numbers, or one of some categories, whose order gives their labels 0, 1 and so on. */
export type ColumnType = 'number' | 'category' | readonly string[];

/** A column of numbers, one a row. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'number';
  readonly values: Float64Array;
}

/** A column of categories; `values` are their positions in `categories`, one a row. */
export interface CategoryColumn {
  readonly name: string;
  readonly type: 'category';
  readonly categories: readonly string[];
  readonly values: Int32Array;
}

export type Column = NumberColumn | CategoryColumn;

/** A value and where it stands; undefined where it is missing. */
export interface Cell {
  readonly line: number;
  readonly text: string | undefined;
}

/** The number that a text writes in decimal, or NaN. */
export function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : Number.NaN;
}

/**
 * The type of a column that was given none: numbers if all that is there are, categories if none is; a mixture is reported,
 * since it may be a slip.
 */
export function inferType(name: string, cells: readonly Cell[], report: (fault: string) => void): ColumnType {
  const there = cells.filter(({ text }) => text !== undefined);
  const others = there.filter(({ text }) => Number.isNaN(numberOf(text as string)));
  if (others.length === 0) return 'number';
  if (others.length < there.length) {
    const [{ line, text }] = others;
    const remedy = `correct it, count it as missing (missingValues), or say types: { ${JSON.stringify(name)}: 'category' }`;
    report(`line ${line}, column "${name}": "${text}" is no number, but other values are; ${remedy}`);
  }
  return 'category';
}

/** The cells as a column, none of them missing. What is no number, or no category of a given list, is reported. */
export function columnOf(
  name: string,
  cells: readonly Cell[],
  type: ColumnType,
  report: (fault: string) => void,
): Column {
  const texts = cells.map(({ text }) => text as string);
  if (type === 'number') {
    const values = Float64Array.from(texts, numberOf);
    values.forEach((value, i) => {
      if (Number.isNaN(value)) report(`line ${cells[i].line}, column "${name}": "${texts[i]}" is no finite number`);
    });
    return { name, type, values };
  }
  const categories = type === 'category' ? [...new Set(texts)].sort() : type;
  const labels = new Map(categories.map((category, label) => [category, label]));
  const values = Int32Array.from(texts, (text) => labels.get(text) ?? -1);
  values.forEach((value, i) => {
    if (value >= 0) return;
    report(`line ${cells[i].line}, column "${name}": "${texts[i]}" is none of ${categories.join(', ')}`);
  });
  return { name, type: 'category', categories, values };
}
