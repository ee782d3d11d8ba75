/**
 * What JavaScript sees: `kernels()`, `launch(kernel, …buffers)`, `program(code, arena, externals)`; beside them the shared
 * array `attributes`, `misalignment`, `setThreads`, `limits` and `instructionSet`. `launch` and a program's `run` use the
 * plain C interface, as every nanosecond counts there.
 */
#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "heap.h"
#include "limits.h"
#include "pin.h"
#include "program.h"

namespace nn {
namespace {

/** Numbers that a launch's attributes may take, encoded. */
constexpr size_t kAttributeCapacity = 1024;

constexpr const char* kDtypeNames[] = {"f32", "f64", "i32", "u8"};
constexpr const char* kAccessNames[] = {"read", "write", "update"};

const char* nameOf(Dtype dtype) { return kDtypeNames[static_cast<int>(dtype)]; }

napi_value throwError(napi_env env, const std::string& message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

/** Reads a typed array of one of the four dtypes; false for anything else. */
inline bool readSpan(napi_env env, napi_value value, Span* span) {
  napi_typedarray_type type;
  size_t length;
  if (napi_get_typedarray_info(env, value, &type, &length, &span->data, nullptr, nullptr) != napi_ok) return false;
  span->length = static_cast<int64_t>(length);
  // An empty array has no address, and the functions of C want one even for nothing.
  alignas(64) static uint8_t nowhere[64];
  if (length == 0) span->data = nowhere;
  switch (type) {
    case napi_float32_array: span->dtype = Dtype::f32; return true;
    case napi_float64_array: span->dtype = Dtype::f64; return true;
    case napi_int32_array: span->dtype = Dtype::i32; return true;
    case napi_uint8_array: span->dtype = Dtype::u8; return true;
    default: return false;
  }
}

/** launch(kernel, …buffers): one launch, its attributes encoded in the shared array. */
napi_value launch(napi_env env, napi_callback_info info) {
  napi_value arguments[kMaximumBuffers + 1];
  size_t count = kMaximumBuffers + 1;
  void* attributes;
  napi_get_cb_info(env, info, &count, arguments, nullptr, &attributes);
  uint32_t index;
  if (count < 1 || napi_get_value_uint32(env, arguments[0], &index) != napi_ok || index >= kernels().size()) {
    return throwError(env, "launch: the first argument is not a kernel's number.");
  }
  const Kernel& kernel = kernels()[index];
  if (count != kernel.buffers.size() + 1) {
    return throwError(env, kernel.name + ": takes " + std::to_string(kernel.buffers.size()) + " buffers, not " +
                               std::to_string(count - 1) + ".");
  }
  void* data[kMaximumBuffers];
  int64_t lengths[kMaximumBuffers];
  for (size_t i = 0; i + 1 < count; i++) {
    Span span;
    if (!readSpan(env, arguments[i + 1], &span) || span.dtype != kernel.buffers[i].dtype) {
      return throwError(env, kernel.name + ": " + kernel.buffers[i].name + " must be a flat array of " +
                                 nameOf(kernel.buffers[i].dtype) + ".");
    }
    data[i] = span.data;
    lengths[i] = span.length;
  }
  const double* decoded[kMaximumAttributes];
  if (decodeAttributes(kernel, static_cast<const double*>(attributes), kAttributeCapacity, decoded) < 0) {
    return throwError(env, kernel.name + ": a list among the attributes is too long.");
  }
  if (Status error = kernel.function({&kernel, data, lengths, decoded})) {
    napi_throw_range_error(env, nullptr, (kernel.name + ": " + error).c_str());
  }
  return nullptr;
}

/** A compiled program and the memory that it points into; kept by the two functions that JavaScript holds. */
struct BoundProgram {
  std::unique_ptr<Program> program;
  Napi::Reference<Napi::Array> memory;
};

using SharedProgram = std::shared_ptr<BoundProgram>;

/** What went wrong in a program: `launch` on the error is the position of the launch. */
napi_value failureError(napi_env env, const Failure& failure) {
  Napi::RangeError error = Napi::RangeError::New(env, failure.message);
  error.Set("launch", Napi::Number::New(env, static_cast<double>(failure.launch)));
  return error.Value();
}

/** Binds (…inputs, …results) and the times, if they follow, and takes the program; null after throwing. */
SharedProgram* prepare(napi_env env, napi_callback_info info) {
  constexpr size_t kInline = 32;
  napi_value few[kInline];
  std::vector<napi_value> many;
  napi_value* arguments = few;
  size_t count = kInline;
  void* pointer;
  napi_get_cb_info(env, info, &count, few, nullptr, &pointer);
  auto* shared = static_cast<SharedProgram*>(pointer);
  Program& program = *(*shared)->program;
  if (count > kInline) {
    many.resize(count);
    arguments = many.data();
    napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  }
  const std::vector<Span>& expected = program.arguments();
  Span times{nullptr, 0, Dtype::f64};
  if (count == expected.size() + 1 && (!readSpan(env, arguments[--count], &times) || times.dtype != Dtype::f64 ||
                                       times.length != static_cast<int64_t>(2 * program.length()))) {
    throwError(env, "The program's times must be an array of " + std::to_string(2 * program.length()) + " f64.");
    return nullptr;
  }
  if (count != expected.size()) {
    throwError(env, "The program takes " + std::to_string(expected.size()) + " arrays, not " + std::to_string(count) + ".");
    return nullptr;
  }
  if (!program.acquire()) {
    throwError(env, "The program is still running asynchronously; await that run first.");
    return nullptr;
  }
  for (size_t i = 0; i < count; i++) {
    Span span;
    if (!readSpan(env, arguments[i], &span) || span.dtype != expected[i].dtype || span.length != expected[i].length) {
      program.release();
      throwError(env, "The program's argument " + std::to_string(i) + " must be an array of " +
                          std::to_string(expected[i].length) + " " + nameOf(expected[i].dtype) + ".");
      return nullptr;
    }
    program.bind(i, span.data);
  }
  program.time(static_cast<double*>(times.data));
  return shared;
}

napi_value run(napi_env env, napi_callback_info info) {
  SharedProgram* shared = prepare(env, info);
  if (shared == nullptr) return nullptr;
  Program& program = *(*shared)->program;
  Failure failure;
  const bool done = program.run(&failure);
  program.release();
  if (!done) napi_throw(env, failureError(env, failure));
  return nullptr;
}

/** One run on a thread of libuv's pool; `arguments` are kept until it ends. */
class AsyncRun : public Napi::AsyncWorker {
 public:
  AsyncRun(Napi::Env env, SharedProgram bound, Napi::Array arguments)
      : Napi::AsyncWorker(env, "nn program"),
        deferred_(Napi::Promise::Deferred::New(env)),
        bound_(std::move(bound)),
        arguments_(Napi::Reference<Napi::Array>::New(arguments, 1)) {}

  napi_value promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    done_ = bound_->program->run(&failure_);
    bound_->program->release();
  }

  void OnOK() override {
    if (done_) {
      deferred_.Resolve(Env().Undefined());
    } else {
      deferred_.Reject(failureError(Env(), failure_));
    }
  }

 private:
  Napi::Promise::Deferred deferred_;
  SharedProgram bound_;
  Napi::Reference<Napi::Array> arguments_;
  Failure failure_;
  bool done_ = false;
};

napi_value runAsync(napi_env env, napi_callback_info info) {
  SharedProgram* shared = prepare(env, info);
  if (shared == nullptr) return nullptr;
  const Napi::CallbackInfo call(env, info);
  Napi::Array arguments = Napi::Array::New(env, call.Length());
  for (uint32_t i = 0; i < call.Length(); i++) arguments.Set(i, call[i]);
  AsyncRun* worker = new AsyncRun(env, *shared, arguments);
  napi_value promise = worker->promise();
  worker->Queue();
  return promise;
}

/** A function that keeps the program alive as long as it lives itself. */
napi_value functionOf(napi_env env, const char* name, napi_callback callback, const SharedProgram& program) {
  auto* kept = new SharedProgram(program);
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, kept, &function);
  napi_add_finalizer(
      env, function, kept, [](napi_env, void* data, void*) { delete static_cast<SharedProgram*>(data); }, nullptr, nullptr);
  return function;
}

/** program(code: Float64Array, arena: Uint8Array, externals: array[]) → { run(…), runAsync(…) }. */
Napi::Value program(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Span code, arena;
  if (info.Length() != 3 || !readSpan(env, info[0], &code) || code.dtype != Dtype::f64 ||
      !readSpan(env, info[1], &arena) || arena.dtype != Dtype::u8 || !info[2].IsArray()) {
    throwError(env, "program: takes code (Float64Array), an arena (Uint8Array) and a list of arrays.");
    return env.Undefined();
  }
  const Napi::Array list = info[2].As<Napi::Array>();
  std::vector<Span> externals(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) {
    if (!readSpan(env, list.Get(i), &externals[i])) {
      throwError(env, "program: external " + std::to_string(i) + " is not an array that tensors use.");
      return env.Undefined();
    }
  }
  const double* numbers = static_cast<const double*>(code.data);
  std::string error;
  auto compiled = std::make_shared<BoundProgram>();
  compiled->program = Program::compile(std::vector<double>(numbers, numbers + code.length), arena, externals, &error);
  if (!compiled->program) {
    throwError(env, error);
    return env.Undefined();
  }
  Napi::Array memory = Napi::Array::New(env, 2);
  memory.Set(uint32_t{0}, info[1]);
  memory.Set(uint32_t{1}, list);
  compiled->memory = Napi::Reference<Napi::Array>::New(memory, 1);
  Napi::Object result = Napi::Object::New(env);
  result.Set("run", Napi::Value(env, functionOf(env, "run", run, compiled)));
  result.Set("runAsync", Napi::Value(env, functionOf(env, "runAsync", runAsync, compiled)));
  return result;
}

/** kernels() → [{ name, buffers: [{ name, access, dtype }], attributes: [{ name, list }] }]; positions are kernel numbers. */
Napi::Value describeKernels(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array result = Napi::Array::New(env);
  for (const Kernel& kernel : kernels()) {
    Napi::Array buffers = Napi::Array::New(env);
    for (const Buffer& buffer : kernel.buffers) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("name", buffer.name);
      entry.Set("access", kAccessNames[static_cast<int>(buffer.access)]);
      entry.Set("dtype", nameOf(buffer.dtype));
      buffers.Set(buffers.Length(), entry);
    }
    Napi::Array attributes = Napi::Array::New(env);
    for (const Attribute& attribute : kernel.attributes) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("name", attribute.name);
      entry.Set("list", attribute.list);
      attributes.Set(attributes.Length(), entry);
    }
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", kernel.name);
    entry.Set("buffers", buffers);
    entry.Set("attributes", attributes);
    result.Set(result.Length(), entry);
  }
  return result;
}

/** setThreads(count) → the number in force; without an argument it changes nothing. */
Napi::Value changeThreads(const Napi::CallbackInfo& info) {
  if (info.Length() == 0) return Napi::Number::New(info.Env(), threads());
  if (!info[0].IsNumber()) {
    throwError(info.Env(), "setThreads: takes a number.");
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), setThreads(info[0].As<Napi::Number>().Int32Value()));
}

/** misalignment(array) → how many bytes its memory lies after a multiple of 64. */
Napi::Value misalignment(const Napi::CallbackInfo& info) {
  Span span;
  if (info.Length() != 1 || !readSpan(info.Env(), info[0], &span)) {
    throwError(info.Env(), "misalignment: takes an array that tensors use.");
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), static_cast<double>(reinterpret_cast<uintptr_t>(span.data) % 64));
}

/** limits() → [floating-point operations a second, then for each working set its bytes, and bytes a second]. */
Napi::Value limits(const Napi::CallbackInfo& info) {
  const Limits measured = measureLimits();
  Napi::Float64Array result = Napi::Float64Array::New(info.Env(), 1 + 2 * measured.memory.size());
  size_t position = 0;
  result[position++] = measured.flops;
  for (const Bandwidth& bandwidth : measured.memory) {
    result[position++] = bandwidth.bytes;
    result[position++] = bandwidth.rate;
  }
  return result;
}

/** The array through which launches pass their attributes; kept until the environment ends. */
Napi::Float64Array makeAttributes(Napi::Env env) {
  Napi::Float64Array attributes = Napi::Float64Array::New(env, kAttributeCapacity);
  napi_ref reference;
  napi_create_reference(env, attributes, 1, &reference);
  return attributes;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  pinLibrary();
  keepFreedMemory();
  Napi::Float64Array attributes = makeAttributes(env);
  napi_value fast;
  napi_create_function(env, "launch", NAPI_AUTO_LENGTH, launch, attributes.Data(), &fast);
  exports.Set("attributes", attributes);
  exports.Set("launch", Napi::Value(env, fast));
  exports.Set("kernels", Napi::Function::New(env, describeKernels, "kernels"));
  exports.Set("program", Napi::Function::New(env, program, "program"));
  exports.Set("misalignment", Napi::Function::New(env, misalignment, "misalignment"));
  exports.Set("setThreads", Napi::Function::New(env, changeThreads, "setThreads"));
  exports.Set("limits", Napi::Function::New(env, limits, "limits"));
  exports.Set("instructionSet", Napi::String::New(env, isaName()));
  return exports;
}

}  // namespace

NODE_API_MODULE(nn, initialise)

}  // namespace nn
