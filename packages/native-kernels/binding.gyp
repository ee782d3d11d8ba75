{
  # Kernels are compiled once per instruction set, into a static library each; the addon takes in whole libraries, as a
  # kernel registers itself and nothing refers to it by name.
  'variables': {
    'kernels': [
      "<!@(node -p \"require('fs').readdirSync('cpp/kernels').filter(f => f.endsWith('.cc')).sort().map(f => 'cpp/kernels/' + f).join(' ')\")",
    ],
    'exact': ['-O3', '-fno-math-errno', '-ffp-contract=off'],
    'avx2': ['-mavx2', '-mfma'],
    # The warnings are of gcc's own headers: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105593
    'avx512': [
      '-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mfma', '-mprefer-vector-width=512',
      '-Wno-uninitialized', '-Wno-maybe-uninitialized',
    ],
    'libraries': '<(PRODUCT_DIR)/obj.target',
  },
  'target_defaults': {
    'include_dirs': ['cpp', "<!(node -p \"require('node-addon-api').include_dir\")"],
    'cflags': ['-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-Wno-psabi', '-Wno-unused-parameter'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-std=c++17'],
    'configurations': {
      'Release': {
        'cflags': ['<@(exact)'],
      },
    },
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'GCC_OPTIMIZATION_LEVEL': '3',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'MACOSX_DEPLOYMENT_TARGET': '11.0',
      'OTHER_CPLUSPLUSFLAGS': ['<@(exact)'],
    },
  },
  'targets': [
    {
      'target_name': 'kernels_baseline',
      'type': 'static_library',
      'sources': ['<@(kernels)'],
      'defines': ['NN_ISA=baseline'],
    },
    {
      'target_name': 'kernels_avx2',
      'conditions': [
        ["target_arch=='x64'", {
          'type': 'static_library',
          'sources': ['<@(kernels)'],
          'defines': ['NN_ISA=avx2'],
          'cflags': ['<@(avx2)'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['<@(avx2)'] },
        }, {
          'type': 'none',
        }],
      ],
    },
    {
      'target_name': 'kernels_avx512',
      'conditions': [
        ["target_arch=='x64'", {
          'type': 'static_library',
          'sources': ['<@(kernels)'],
          'defines': ['NN_ISA=avx512'],
          'cflags': ['<@(avx512)'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['<@(avx512)'] },
        }, {
          'type': 'none',
        }],
      ],
    },
    {
      'target_name': 'nn_kernels',
      'dependencies': ['kernels_baseline', 'kernels_avx2', 'kernels_avx512'],
      'sources': ['cpp/addon.cc', 'cpp/blocks.cc', 'cpp/cores.cc', 'cpp/heap.cc', 'cpp/lanes.cc', 'cpp/limits.cc', 'cpp/pin.cc',
                  'cpp/program.cc', 'cpp/registry.cc', 'cpp/stretches.cc', 'cpp/threads.cc', 'cpp/tiles.cc'],
      'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'],
      'cflags_cc!': ['-fno-exceptions'],
      'cflags_cc': ['-fexceptions'],
      'xcode_settings': { 'GCC_ENABLE_CPP_EXCEPTIONS': 'YES' },
      'conditions': [
        ["OS=='linux'", {
          'ldflags': ['-Wl,--whole-archive', '<(libraries)/kernels_baseline.a'],
          'conditions': [["target_arch=='x64'", {
            'ldflags': ['<(libraries)/kernels_avx2.a', '<(libraries)/kernels_avx512.a'],
          }]],
        }],
        ["OS=='linux'", { 'ldflags': ['-Wl,--no-whole-archive'] }],
        ["OS=='mac'", {
          'xcode_settings': { 'OTHER_LDFLAGS': ['-Wl,-force_load,<(PRODUCT_DIR)/kernels_baseline.a'] },
          'conditions': [["target_arch=='x64'", {
            'xcode_settings': {
              'OTHER_LDFLAGS': [
                '-Wl,-force_load,<(PRODUCT_DIR)/kernels_avx2.a',
                '-Wl,-force_load,<(PRODUCT_DIR)/kernels_avx512.a',
              ],
            },
          }]],
        }],
      ],
    },
  ],
}
