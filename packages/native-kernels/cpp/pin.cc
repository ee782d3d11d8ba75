#include "pin.h"

#include <dlfcn.h>

namespace nn {

void pinLibrary() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&pinLibrary), &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

}  // namespace nn
