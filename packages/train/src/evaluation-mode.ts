import type { AnyModule } from '@nn/layers';

/** Puts a model in evaluation mode; the result puts each of its modules back in the mode it had. */
export function enterEvaluation(model: AnyModule): () => void {
  const modes = [...model.modules().values()].map((module) => [module, module.training] as const);
  model.eval();
  return () => {
    // Outer modules come first, and set their inner ones along with them.
    for (const [module, training] of modes) {
      if (training) module.train();
      else module.eval();
    }
  };
}
