import type { AnyModule } from '@nn/layers';
import { encode } from './encode.js';
import { modelContents } from './model.js';
import { writeFileAtomically } from './write-atomically.js';

export async function save(path: string, model: AnyModule): Promise<void> {
  await writeFileAtomically(path, await encode(modelContents(model)));
}
