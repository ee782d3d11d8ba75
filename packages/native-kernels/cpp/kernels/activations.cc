/** Activations and their derivatives: dx = f(x or y, dy), element by element. */
#include "../activations.h"

#include "map.h"

namespace nn::NN_ISA {
namespace {

NN_KERNEL("relu {w:y, r:x}", unary<rectified>);
NN_KERNEL("tanh {w:y, r:x}", unary<hyperbolicTangent, 1000>);
NN_KERNEL("sigmoid {w:y, r:x}", unary<logistic, 1000>);
NN_KERNEL("gelu {w:y, r:x}", unary<geluOf, 1200>);
NN_KERNEL("silu {w:y, r:x}", unary<siluOf, 1000>);
NN_KERNEL("softplus {w:y, r:x}", unary<softPlus, 2000>);
NN_KERNEL("leakyRelu {w:y, r:x} slope", unaryWith<leakyReluOf>);
NN_KERNEL("elu {w:y, r:x} alpha", unaryWith<eluOf, 1200>);

NN_KERNEL("tanhGradient {w:dx, r:y, r:dy}", pairwise<tanhGradientOf>);
NN_KERNEL("sigmoidGradient {w:dx, r:y, r:dy}", pairwise<sigmoidGradientOf>);
NN_KERNEL("reluGradient {w:dx, r:y, r:dy}", pairwise<reluGradientOf>);
NN_KERNEL("geluGradient {w:dx, r:x, r:dy}", pairwise<geluGradientOf, 1300>);
NN_KERNEL("siluGradient {w:dx, r:x, r:dy}", pairwise<siluGradientOf, 1100>);
NN_KERNEL("softplusGradient {w:dx, r:x, r:dy}", pairwise<softPlusGradientOf, 1000>);
NN_KERNEL("leakyReluGradient {w:dx, r:x, r:dy} slope", pairwiseWith<leakyReluGradientOf>);
NN_KERNEL("eluGradient {w:dx, r:x, r:dy} alpha", pairwiseWith<eluGradientOf, 800>);

}  // namespace
}  // namespace nn::NN_ISA
