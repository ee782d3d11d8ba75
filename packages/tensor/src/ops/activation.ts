/** The kernels of activations that others can apply to what they store, by their number; 0 is none. */
export const activationNumbers: Readonly<Record<string, number>> = { relu: 1, tanh: 2, sigmoid: 3 };

/** Applies the activation of that number. */
export function activate(x: number, activation: number): number {
  if (activation === 1) return Math.max(x, 0);
  if (activation === 2) return Math.tanh(x);
  if (activation === 3) return 1 / (1 + Math.exp(-x));
  return x;
}

/** The gradient before such an activation, from its result y and the gradient behind it. */
export function activationGradient(y: number, dy: number, activation: number): number {
  if (activation === 1) return y > 0 ? dy : 0;
  if (activation === 2) return dy * (1 - y * y);
  if (activation === 3) return dy * y * (1 - y);
  return dy;
}
