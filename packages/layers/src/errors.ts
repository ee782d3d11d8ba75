/** A layer is asked for its parameters before its sizes are known. */
export class UnbuiltError extends Error {
  override readonly name = 'UnbuiltError';

  constructor(layer: string) {
    super(`${layer} does not know its sizes yet: call model.build([...]) with an input's shape, or run it once.`);
  }
}

/** A state dict that does not fit the model. */
export class StateDictError extends Error {
  override readonly name = 'StateDictError';
}

/** A network that is wired wrongly; each way has its own class. */
export class GraphError extends Error {
  override readonly name: string = 'GraphError';
}

export class DuplicateNameError extends GraphError {
  override readonly name = 'DuplicateNameError';
}

export class NoInputsError extends GraphError {
  override readonly name = 'NoInputsError';
}

export class NoOutputsError extends GraphError {
  override readonly name = 'NoOutputsError';
}

export class UnconnectedNodeError extends GraphError {
  override readonly name = 'UnconnectedNodeError';
}

export class UnknownWireError extends GraphError {
  override readonly name = 'UnknownWireError';
}

export class CycleError extends GraphError {
  override readonly name = 'CycleError';
}

export class InputCountError extends GraphError {
  override readonly name = 'InputCountError';
}
