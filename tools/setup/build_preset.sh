# build_preset PRESET [TARGET…]: configures and builds, in $root.

# What CMake would find today. Another package than when a folder was configured, by us or by hand, and its targets may be
# others: without a JDK there is no jar.
found_by_cmake() {
  # dpkg-query fails when it knows one of the names alone.
  dpkg-query -W -f='${Package} ${Version} ${db:Status-Status}\n' $(all_packages) 2>/dev/null || true
}

build_preset() {
  local preset=$1 targets=() found
  shift
  found=$(found_by_cmake)
  if [ ! -f "build/$preset/build.ninja" ] || [ "$found" != "$(cat "build/$preset/.found" 2>/dev/null)" ]; then
    step "configure: preset $preset"
    logged "configure-$preset" cmake --preset "$preset"
    printf '%s\n' "$found" >"build/$preset/.found"
  fi
  [ $# -eq 0 ] || targets=(--target "$@")
  step "build: preset $preset${1:+ ($*)}"
  NINJA_STATUS='[%f/%t, %e s] ' cmake --build --preset "$preset" -j "$jobs" "${targets[@]}"
}
