{
  "targets": [
    {
      "target_name": "inbetween",
      "sources": [
        "binding.cpp",
        "binding-frame.cpp",
        "binding-band.cpp",
        "kernels/band.cpp",
        "kernels/band-field.cpp",
        "kernels/blur.cpp",
        "kernels/colours.cpp",
        "kernels/cut.cpp",
        "kernels/features.cpp",
        "kernels/flow.cpp",
        "kernels/flow-refine.cpp",
        "kernels/flow-search.cpp",
        "kernels/forest.cpp",
        "kernels/frame-appearance.cpp",
        "kernels/frame-cut.cpp",
        "kernels/frame-region.cpp",
        "kernels/frame-segment.cpp",
        "kernels/lab.cpp",
        "kernels/mask.cpp",
        "kernels/owners.cpp",
        "kernels/picture.cpp",
        "kernels/pool.cpp",
        "kernels/refine.cpp",
        "kernels/resize.cpp"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags!": ["-fno-exceptions", "-fno-omit-frame-pointer"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-std=c++17",
        "-O3",
        "-fexceptions",
        "-fvisibility=hidden",
        "-fno-math-errno",
        "-fno-trapping-math",
        "-fassociative-math",
        "-fno-signed-zeros",
        "-freciprocal-math",
        "-Wall",
        "-Wextra",
        "-Wno-psabi",
        "-Wno-cast-function-type"
      ],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": [
          "-fno-math-errno",
          "-fno-trapping-math",
          "-fassociative-math",
          "-fno-signed-zeros",
          "-freciprocal-math"
        ]
      },
      "msvs_settings": {
        "VCCLCompilerTool": {
          "ExceptionHandling": 1,
          "Optimization": 3,
          "AdditionalOptions": ["/std:c++17"]
        }
      }
    }
  ]
}
