import {
  add,
  backward,
  capture,
  Linear,
  mean,
  multiply,
  ones,
  relu,
  Sequential,
  SGD,
  square,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const x = zeros([4, 2]);
const model = () => new Sequential([new Linear({ outFeatures: 1 })], { input: [2] }).build();

/** The second call of a captured step is recorded. */
const twice = (step: (x: Tensor) => Tensor) => {
  const captured = capture(step);
  captured(x);
  return captured(x);
};

export const captureAndGradients: readonly Mistake[] = [
  {
    mistake: 'A loss is read inside a captured step.',
    attempt: () =>
      twice((x) => {
        const loss = mean(x);
        if (loss.item() > 1) throw new Error('The loss is too large.');
        return loss;
      }),
    says: [/A captured step cannot read values \(data, item, toArray\)/, /read it outside/],
  },
  {
    mistake: 'A captured step waits for something.',
    attempt: () => twice((async (x: Tensor) => mean(x)) as never),
    says: [/A captured step must be a plain function, not async/, /do what is asynchronous outside it/],
  },
  {
    mistake: 'A captured step returns a number.',
    attempt: () => capture(((x: Tensor) => x.size) as never)(x),
    says: [/the result of a captured step must be a tensor/, /or an array or plain object of tensors/],
  },
  {
    mistake: 'A captured step is given a number.',
    attempt: () => capture((rate: Tensor) => multiply(x, rate))(0.1 as never),
    says: [/an argument of the captured step.* must be a tensor/, /or an array or plain object of tensors/],
  },
  {
    mistake: 'A captured step calls another.',
    attempt: () => {
      const inner = capture((x: Tensor) => relu(x));
      return twice((x) => mean(inner(x)));
    },
    says: [/A captured step cannot run inside the recording of another/, /call the plain function/],
  },
  {
    mistake: 'The learning rate is set inside a captured step.',
    attempt: () => {
      const optimizer = new SGD();
      let rate = 0.1;
      return twice((x) => {
        optimizer.learningRate = rate /= 2;
        return mean(x);
      });
    },
    says: [/SGD: set learningRate outside the captured step/, /a replay would not set it again/],
  },
  {
    mistake: 'The mode is changed inside a captured step.',
    attempt: () => {
      const network = model();
      return twice((x) => mean(network.eval().run(x)));
    },
    says: [/Sequential: call eval\(\) outside the captured step/, /a replay would not call it again/],
  },
  {
    mistake: 'The loss is not one number.',
    attempt: () => backward(square(model().run(x))),
    says: [/backward starts at one number, and the loss is \[4, 1\]/, /reduce it with sum or mean, or pass seed/],
  },
  {
    mistake: 'The gradient is asked for of a tensor that the loss does not use.',
    attempt: () => {
      const [used, unused] = [1, 2].map(() => ones([3], { requiresGrad: true }));
      return backward(sum(used)).of(unused);
    },
    says: [/The loss does not depend on this tensor \[3\]/, /use it in the loss, or ask with get/],
  },
  {
    mistake: 'A tensor is changed between the forward pass and the backward one.',
    attempt: () => {
      const w = ones([3], { requiresGrad: true });
      const loss = sum(square(w));
      w.assign(zeros([3]));
      return backward(loss);
    },
    says: [/The derivative of square needs a tensor that was changed in place/, /Call backward before the change/],
  },
  {
    mistake: 'Whole numbers are to have a gradient.',
    attempt: () => zeros([3], { dtype: 'i32', requiresGrad: true }),
    says: [/Only f32 and f64 tensors have gradients, not i32/, /leave requiresGrad out, or choose one of them/],
  },
  {
    mistake: 'A tensor is replaced by one of another shape.',
    attempt: () => ones([3]).assign(zeros([4])),
    says: [/assign: \[4\] cannot replace \[3\]/, /the shapes must be equal/],
  },
  {
    mistake: 'Operands have different dtypes.',
    attempt: () => add(ones([3]), ones([3], { dtype: 'f64' })),
    says: [/add with a \[3\], b \[3\]: dtypes f32 and f64 differ/, /convert one with cast/],
  },
  {
    mistake: 'Whole numbers are halved.',
    attempt: () => multiply(tensor([1, 2, 3], { dtype: 'i32' }), 0.5),
    says: [/multiply: 0.5 does not fit i32/, /convert the tensor to f32 with cast/],
  },
  {
    mistake: 'An array is given to an op.',
    attempt: () => add(x, [1, 2] as never),
    says: [/add: b must be a tensor or a number, not an array/, /make it one, with tensor\(…\)/],
  },
  {
    mistake: 'A network is run on an array.',
    attempt: () => new Linear({ outFeatures: 1 }).run([[1, 2]] as never),
    says: [/Linear runs on tensors only/, /make one of numbers with tensor\(…\)/],
  },
];
