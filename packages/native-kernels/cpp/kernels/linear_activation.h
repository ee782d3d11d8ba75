/** The activations that products and convolutions apply to what they store. */
#pragma once

#include "../activations.h"
#include "../registry.h"

namespace nn::NN_ISA {

/** As the attribute `activation` numbers them. */
enum class Activation : uint8_t { none, relu, tanh, sigmoid };

/** Reads the attribute, or says that there is no such activation. */
NN_INLINE Status activationOf(const Launch& launch, int attribute, Activation& activation) {
  const int64_t code = launch.size(attribute);
  if (code < 0 || code > 3) return launch.fail("activation %g is outside 0…3", launch.number(attribute));
  activation = static_cast<Activation>(code);
  return nullptr;
}

/** The same bits as the kernels relu, tanh and sigmoid. */
NN_INLINE Floats activate(Activation activation, Floats x) {
  switch (activation) {
    case Activation::relu:
      return rectified(x);
    case Activation::tanh:
      return hyperbolicTangent(x);
    case Activation::sigmoid:
      return logistic(x);
    default:
      return x;
  }
}

/** The gradient before an activation from its result: the same bits as reluGradient, tanhGradient and sigmoidGradient. */
NN_INLINE Floats activationGradient(Activation activation, Floats y, Floats dy) {
  switch (activation) {
    case Activation::relu:
      return reluGradientOf(y, dy);
    case Activation::tanh:
      return tanhGradientOf(y, dy);
    case Activation::sigmoid:
      return sigmoidGradientOf(y, dy);
    default:
      return dy;
  }
}

}  // namespace nn::NN_ISA
