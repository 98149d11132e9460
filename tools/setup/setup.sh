# setup GROUP…: everything that the groups need on this machine. It looks at what is there instead of
# remembering what it did: a second call finds everything and takes a moment.
for part in common packages source_package built recipe-libsodium recipe-sqlcipher; do
  . "$root/tools/setup/$part.sh"
done

setup() {
  local building=() pid failed=0
  need_packages build "$@"
  mkdir -p "$PAWL_CACHE"
  # Side by side: most of the time of either is spent on one core.
  need_built libsodium PAWL_SODIUM_TARBALL testing unstable forky devel &
  building+=($!)
  need_built sqlcipher PAWL_SQLCIPHER_TARBALL trixie testing unstable questing devel &
  building+=($!)
  for pid in "${building[@]}"; do wait "$pid" || failed=1; done
  [ "$failed" -eq 0 ] || exit 1
}
