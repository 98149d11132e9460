# setup GROUP…: everything that the groups need on this machine. It looks at what is there instead of
# remembering what it did: a second call finds everything and takes a moment.
for part in common packages source_package built; do
  . "$root/tools/setup/$part.sh"
done

# all_of PID…: waits for each; 1 if one of them failed.
all_of() {
  local pid failed=0
  for pid in "$@"; do wait "$pid" || failed=1; done
  return "$failed"
}

# What every build needs. Side by side: most of the time of either is spent on one core.
build_basics() {
  local building=()
  need_built libsodium PAWL_SODIUM_TARBALL testing unstable forky devel &
  building+=($!)
  need_built sqlcipher PAWL_SQLCIPHER_TARBALL trixie testing unstable questing devel &
  building+=($!)
  all_of "${building[@]}" || exit 1
}

# What the bundled library takes from nobody's system.
build_bundle() {
  local building=()
  { need_built openssl PAWL_OPENSSL_TARBALL trixie &&
    need_built libwebsockets PAWL_LIBWEBSOCKETS_TARBALL trixie testing unstable devel; } &
  building+=($!)
  { need_built flatbuffers PAWL_FLATBUFFERS_TARBALL trixie testing unstable devel &&
    need_built abseil PAWL_ABSEIL_TARBALL trixie; } &
  building+=($!)
  all_of "${building[@]}" || exit 1
}

setup() {
  need_packages build "$@"
  mkdir -p "$PAWL_CACHE"
  build_basics
  case " $* " in *' bundled '*) build_bundle ;; esac
}
