import { referenceBackend } from '@nn/tensor';
import type { BackendUnderTest } from '@nn/testing';

/** Every backend of this repository that runs here. */
export const backends: readonly BackendUnderTest[] = [referenceBackend];
