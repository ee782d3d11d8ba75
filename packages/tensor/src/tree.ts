import { Tensor } from './tensor.js';

/** Tensors, alone or in arrays and objects, nested as you like. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** The tensors of a tree in order, and a text that tells trees of different form apart. */
export function flattenTree(tree: unknown, what: string): { tensors: Tensor[]; form: string } {
  const tensors: Tensor[] = [];
  const visit = (node: unknown, place: string): string => {
    if (node instanceof Tensor) {
      tensors.push(node);
      return '*';
    }
    if (Array.isArray(node)) return `[${node.map((item, i) => visit(item, `${place}[${i}]`)).join()}]`;
    if (node !== null && typeof node === 'object' && Object.getPrototypeOf(node) === Object.prototype)
      return `{${Object.entries(node)
        .map(([key, item]) => `${key}:${visit(item, `${place}.${key}`)}`)
        .join()}}`;
    throw new TypeError(`${place} must be a tensor, or an array or plain object of tensors, not ${typeof node}.`);
  };
  return { form: visit(tree, what), tensors };
}

/** The same tree with other tensors, in the order of `flattenTree`. */
export function replaceTree<T extends TensorTree>(tree: T, tensors: readonly Tensor[]): T {
  let next = 0;
  const build = (node: TensorTree): TensorTree => {
    if (node instanceof Tensor) return tensors[next++];
    if (Array.isArray(node)) return node.map(build);
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, build(item)]));
  };
  return build(tree) as T;
}
