# The part of Abseil that src/ includes, as one archive. As C++20, its string_view and optional are the standard's.
build_abseil() (
  set -e
  cd "$1"
  unset CXXFLAGS CPPFLAGS LDFLAGS
  # Nothing of it uses what <iostream> adds: each file that sees it would initialise the standard streams, and
  # a static C++ library bring along all of its locales.
  sed -i 's/#include <iostream>/#include <ostream>/' absl/strings/*.{cc,h} absl/strings/internal/*.{cc,h}
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-Os -DNDEBUG" \
    -DCMAKE_CXX_FLAGS="$hidden_flags -fvisibility-inlines-hidden" -DCMAKE_CXX_STANDARD=20 -DBUILD_TESTING=OFF
  cmake --build build -j "$(cores)" --target status statusor strings raw_hash_set hash int128
  mkdir -p "$2/lib" "$2/include"
  ar rcs "$2/lib/libabsl.a" $(find build -name '*.o')
  find absl \( -name '*.h' -o -name '*.inc' \) -exec cp --parents -t "$2/include" {} +
  cp LICENSE "$2/LICENSE"
)
