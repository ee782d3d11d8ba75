import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that grows: what was appended is there at once, also if the process ends. Directories are made as needed. */
export class LogFile {
  constructor(readonly path: string) {}

  /** Begins the file anew. Errors: the operating system's. */
  begin(content: string | Uint8Array = ''): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, content);
  }

  /** Errors: the operating system's. */
  append(content: string | Uint8Array): void {
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, content);
  }
}
