# CFLAGS are configure's own, and a section for each function and table, so that a linker can leave out what nobody
# calls. Assembly stays on: without it AEGIS is hundreds of times slower.
build_libsodium() (
  set -e
  cd "$1"
  unset CFLAGS CPPFLAGS LDFLAGS
  # SODIUM_STATIC: nothing of it is exported by whoever links it.
  ./configure --prefix="$2" --libdir="$2/lib" --disable-shared --enable-static --with-pic --disable-dependency-tracking \
    CFLAGS="-O3 -ffunction-sections -fdata-sections" CPPFLAGS=-DSODIUM_STATIC=1
  make -j "$(cores)" V=0
  make install
  cp LICENSE "$2/LICENSE"
  ! nm -D "$2/lib/libsodium.a" 2>/dev/null | grep -q TEXTREL
)
