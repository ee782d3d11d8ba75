#include "registry.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernel.h"

namespace nn {
namespace {

struct Entry {
  const char* signature;
  KernelFunction function;
  Isa isa;
  LaneFunction lanes;
};

/** What registered itself while the library was loading. */
std::vector<Entry>& entries() {
  static std::vector<Entry>* const list = new std::vector<Entry>();
  return *list;
}

constexpr const char* isaNames[] = {"baseline", "avx2", "avx512"};

/** What the processor and the system (which must save the wide registers) can run. */
Isa supportedIsa() {
#if defined(__x86_64__) || defined(_M_X64)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::baseline;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return wide ? Isa::avx512 : Isa::avx2;
#else
  return Isa::baseline;
#endif
}

/** The best one, up to the one that NN_ISA names. */
Isa bestIsa() {
  const char* const limit = std::getenv("NN_ISA");
  for (const Isa isa : {Isa::baseline, Isa::avx2})
    if (limit != nullptr && std::strcmp(limit, isaNames[static_cast<int>(isa)]) == 0) return std::min(isa, supportedIsa());
  return supportedIsa();
}

[[noreturn]] void refuse(const char* signature, const char* reason) {
  std::fprintf(stderr, "@nn/native-kernels: the kernel signature \"%s\" %s\n", signature, reason);
  std::abort();
}

/** Splits a signature into words; `,` and `:` separate too, `{` and `}` are words. */
std::vector<std::string> wordsOf(const char* signature) {
  std::vector<std::string> words;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  for (const char* p = signature; *p != '\0'; p++) {
    if (*p == ' ' || *p == ':') {
      flush();
    } else if (*p == '{' || *p == '}' || *p == ',') {
      flush();
      words.push_back(std::string(1, *p));
    } else {
      word += *p;
    }
  }
  flush();
  return words;
}

Access accessOf(const char* signature, const std::string& word) {
  if (word == "r") return Access::read;
  if (word == "w") return Access::write;
  if (word == "u") return Access::update;
  refuse(signature, "has an access other than r, w and u");
}

Dtype dtypeOf(const char* signature, const std::string& word) {
  if (word == "f32") return Dtype::f32;
  if (word == "f64") return Dtype::f64;
  if (word == "i32") return Dtype::i32;
  if (word == "u8") return Dtype::u8;
  refuse(signature, "has a dtype other than f32, f64, i32 and u8");
}

/** name { access name dtype? , … } attribute attribute[] … */
Kernel parse(const Entry& entry) {
  const std::vector<std::string> words = wordsOf(entry.signature);
  Kernel kernel;
  kernel.function = entry.function;
  kernel.isa = entry.isa;
  kernel.lanes = entry.lanes;
  size_t i = 0;
  const auto next = [&]() -> const std::string& {
    if (i >= words.size()) refuse(entry.signature, "ends too early");
    return words[i++];
  };
  kernel.name = next();
  if (next() != "{") refuse(entry.signature, "lacks { after the name");
  for (;;) {
    Buffer buffer;
    buffer.access = accessOf(entry.signature, next());
    buffer.name = next();
    buffer.dtype = Dtype::f32;
    const std::string* word = &next();
    if (*word != "," && *word != "}") {
      buffer.dtype = dtypeOf(entry.signature, *word);
      word = &next();
    }
    kernel.buffers.push_back(buffer);
    if (*word == "}") break;
    if (*word != ",") refuse(entry.signature, "lacks , or } after a buffer");
  }
  for (; i < words.size(); i++) {
    const std::string& word = words[i];
    const bool list = word.size() > 2 && word.compare(word.size() - 2, 2, "[]") == 0;
    kernel.attributes.push_back({list ? word.substr(0, word.size() - 2) : word, list});
  }
  if (kernel.buffers.size() > kMaximumBuffers || kernel.attributes.size() > kMaximumAttributes) {
    refuse(entry.signature, "has too many buffers or attributes");
  }
  return kernel;
}

bool sameVariant(const Kernel& a, const Kernel& b) {
  if (a.name != b.name || a.buffers.size() != b.buffers.size()) return false;
  for (size_t i = 0; i < a.buffers.size(); i++) {
    if (a.buffers[i].dtype != b.buffers[i].dtype) return false;
  }
  return true;
}

std::vector<Kernel>* choose() {
  auto* chosen = new std::vector<Kernel>();
  const Isa best = bestIsa();
  for (const Entry& entry : entries()) {
    if (entry.isa > best) continue;
    Kernel kernel = parse(entry);
    const auto same = std::find_if(chosen->begin(), chosen->end(),
                                   [&](const Kernel& other) { return sameVariant(kernel, other); });
    if (same == chosen->end()) {
      chosen->push_back(std::move(kernel));
    } else if (same->isa == kernel.isa) {
      refuse(entry.signature, "is registered twice");
    } else if (same->isa < kernel.isa) {
      *same = std::move(kernel);
    }
  }
  std::sort(chosen->begin(), chosen->end(), [](const Kernel& a, const Kernel& b) { return a.name < b.name; });
  return chosen;
}

thread_local char message[320];

}  // namespace

Registration::Registration(const char* signature, KernelFunction function, Isa isa, LaneFunction lanes) {
  entries().push_back({signature, function, isa, lanes});
}

const std::vector<Kernel>& kernels() {
  static const std::vector<Kernel>* const list = choose();
  return *list;
}

const char* isaName() { return isaNames[static_cast<int>(bestIsa())]; }

Status Launch::fail(const char* format, ...) const {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return message;
}

Status Launch::lengthError(int buffer, int64_t expected) const {
  const char* name = kernel->buffers[static_cast<size_t>(buffer)].name.c_str();
  const long long length = lengths[buffer];
  if (expected < 0) return fail("%s has %lld elements, and the attributes ask for no valid number of them", name, length);
  return fail("%s has %lld elements where %lld are expected", name, length, static_cast<long long>(expected));
}

}  // namespace nn
