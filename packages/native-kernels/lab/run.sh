#!/bin/sh
# Builds the laboratory and runs it: `lab/run.sh` checks the kernels against their twins, then times them;
# `lab/run.sh check [rounds]` and `lab/run.sh bench [matmul|linear|convolution|pooling]` do one of the two;
# `lab/run.sh bench_elementwise [part of a line]` times everything else.
# CXX names the compiler (g++), NN_ISA (baseline, avx2, avx512) the best instruction set to use.
set -e
cd "$(dirname "$0")/.."
build=build/lab
mkdir -p "$build"
compiler="${CXX:-g++} -O3 -std=c++17 -fno-math-errno -ffp-contract=off -Wall -Wextra -Wno-psabi -Icpp"
for source in channel_sum gemm linear convolution convolution_pool convolution_transpose pooling_maximum pooling_activation pooling_average \
  activations batch_norm binary cast copy fill gather random reduce softmax unary adadelta_update adagrad_update adam_update \
  lion_update nadam_update rmsprop_update sgd_update; do
  $compiler -DNN_ISA=baseline -c "cpp/kernels/$source.cc" -o "$build/$source.baseline.o"
  case "$(uname -m)" in
    x86_64 | amd64)
      $compiler -DNN_ISA=avx2 -mavx2 -mfma -c "cpp/kernels/$source.cc" -o "$build/$source.avx2.o"
      $compiler -DNN_ISA=avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma -mprefer-vector-width=512 \
        -Wno-uninitialized -Wno-maybe-uninitialized -c "cpp/kernels/$source.cc" -o "$build/$source.avx512.o"
      ;;
  esac
done
for program in check bench bench_elementwise; do
  $compiler "lab/$program.cc" cpp/registry.cc cpp/threads.cc cpp/cores.cc "$build"/*.o -o "$build/$program" -pthread
done
case "${1:-all}" in
  all) "$build/check" && "$build/bench" && "$build/bench_elementwise" ;;
  *) program="$1" && shift && "$build/$program" "$@" ;;
esac
