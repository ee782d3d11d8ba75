import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The path of a Chromium: that of the variable CHROMIUM, or the first on PATH. Errors: none is installed. */
export function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = CHROMIUM
    ? [CHROMIUM]
    : PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find(existsSync);
  if (!found)
    throw new Error(
      `There is no Chromium${CHROMIUM ? ` at ${CHROMIUM}` : ''} to run the page in: ` +
        'install one (Debian: apt-get install chromium), or set CHROMIUM to its path.',
    );
  return found;
}
