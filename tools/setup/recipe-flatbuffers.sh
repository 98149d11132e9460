# Headers, and the flatc that writes for exactly these headers: generated code checks that the two agree.
build_flatbuffers() (
  set -e
  cd "$1"
  unset CXXFLAGS CPPFLAGS LDFLAGS
  # flatc compiles two small schemas: how fast it is matters less than how fast it is built.
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O0 -DFLATBUFFERS_BUILD_TESTS=OFF \
    -DFLATBUFFERS_BUILD_FLATHASH=OFF -DFLATBUFFERS_BUILD_FLATLIB=OFF -DFLATBUFFERS_INSTALL=OFF
  cmake --build build -j "$(cores)" --target flatc
  mkdir -p "$2/bin" "$2/include"
  cp build/flatc "$2/bin/"
  cp -R include/flatbuffers "$2/include/"
  cp LICENSE "$2/LICENSE"
)
