# One amalgamation, one compiler call for each archive. Hidden symbols: a process may hold the system's SQLite as well,
# and neither may ever resolve to the other.

# compile_sqlite LEVEL OBJECT OPTION…
#
# Freed memory is wiped (src/db turns that on) but not locked: SQLCipher's mlock would spend the host's limit, and its
# munlock undo locks of the host's on the same pages. Its log would go to the host's stderr.
compile_sqlite() {
  local level=$1 object=$2
  shift 2
  cc -c "$level" -g1 -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fstack-protector-strong -w \
    -DSQLITE_HAS_CODEC -DSQLCIPHER_CRYPTO_OPENSSL -DNDEBUG \
    -DOMIT_MEMLOCK -DSQLCIPHER_OMIT_DEFAULT_LOGGING \
    -DSQLITE_TEMP_STORE=3 -DSQLITE_SECURE_DELETE \
    -DSQLITE_THREADSAFE=2 -DSQLITE_DEFAULT_MEMSTATUS=0 \
    -DSQLITE_ENABLE_FTS5 -DSQLITE_DQS=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_LIKE_DOESNT_MATCH_BLOBS \
    -DSQLITE_MAX_EXPR_DEPTH=0 -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE \
    -DHAVE_FDATASYNC=1 -DHAVE_USLEEP=1 -DHAVE_GMTIME_R=1 -DHAVE_LOCALTIME_R=1 -DHAVE_STDINT_H=1 \
    "$@" -o "$object" sqlite3.c
}

build_sqlcipher() (
  set -e
  cd "$1"
  unset CFLAGS CPPFLAGS LDFLAGS
  ./configure --disable-tcl --enable-tempstore=yes CFLAGS="-O2 -DSQLITE_HAS_CODEC"
  make sqlite3.c
  mkdir -p "$2/lib" "$2/include/sqlcipher"
  cp sqlite3.h "$2/include/sqlcipher/"
  cp LICENSE.md "$2/LICENSE"
  echo "compiling sqlite3.c: one file, the better part of a minute"
  compile_sqlite -O2 sqlite3.o &
  fast=$!
  compile_sqlite -Os small.o $frameless_flags -DSQLITE_OMIT_JSON
  wait "$fast"
  ar rcs "$2/lib/libsqlcipher.a" sqlite3.o
  ar rcs "$2/lib/libsqlcipher_small.a" small.o  # for the bundled library

  # An archive must hold a cipher and a full-text index, or it is not what the name says.
  cat >probe.c <<'C'
#include <stdio.h>
#include <string.h>
#include "sqlcipher/sqlite3.h"
static int seen;
static int row(void* unused, int n, char** value, char** name) {
  (void)unused; (void)name;
  if (n == 1 && value[0] && value[0][0]) { puts(value[0]); seen = 1; }
  return 0;
}
int main(void) {
  sqlite3* db;
  if (sqlite3_open(":memory:", &db)) return 1;
  if (sqlite3_exec(db, "PRAGMA cipher_version", row, 0, 0) || !seen) return 2;
  return sqlite3_exec(db, "CREATE VIRTUAL TABLE t USING fts5(x)", 0, 0, 0) ? 3 : 0;
}
C
  for archive in "$2"/lib/*.a; do
    cc -I "$2/include" probe.c "$archive" -lcrypto -lpthread -ldl -lm -o probe
    ./probe
  done
)
