#include "../vector.h"
#include "../registry.h"
namespace nn::NN_ISA{ namespace { Status e(const Launch& l){ float*y=l.f32(0);const float*x=l.f32(1); if (Status s=l.expectLength(1,l.length(0))) return s; parallelFor(l.length(0),16384,.3,[=](int64_t b,int64_t en){forEachVector(b,en,[=](int64_t i,int64_t n){storeLanes(y+i,exponential(loadLanes(x+i,n)),n);storeLanes(y+i,naturalLogarithm(loadLanes(x+i,n)),n);});}); return nullptr;} NN_KERNEL("e {w:y, r:x}", e);} }
