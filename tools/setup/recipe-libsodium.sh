# CFLAGS stay unset: given empty, configure would build without optimisation. Assembly stays on: without
# it AEGIS is hundreds of times slower.
build_libsodium() (
  set -e
  cd "$1"
  unset CFLAGS CPPFLAGS LDFLAGS
  ./configure --prefix="$2" --libdir="$2/lib" --disable-shared --enable-static --with-pic --disable-dependency-tracking
  make -j "$(cores)" V=0
  make install
  ! nm -D "$2/lib/libsodium.a" 2>/dev/null | grep -q TEXTREL
)
