# need_built NAME VARIABLE SUITE…: a static library built from an accepted tarball, kept as
# $PAWL_CACHE/<name>-<version>-<12 digits of the tarball's SHA-256>-<12 digits of what it was made by and for>.
# VARIABLE names the environment variable that may hold a tarball's path.
#
# The recipe is the function build_<name> SOURCE PREFIX of recipe-<name>.sh. Another recipe, compiler or release of the
# system makes another tree beside it: checkouts of two releases share one cache. CMake asks prefix_of.sh.

# `# Needs: NAME` in a recipe: what is built against must be there first, and when that is made anew, so is this.
recipe_id() {
  local needed
  {
    cat "$root/tools/setup/hidden_flags.sh" "$root/tools/setup/recipe-$1.sh"
    for needed in $(sed -n 's/^# Needs: //p' "$root/tools/setup/recipe-$1.sh"); do
      cat "$root/tools/setup/recipe-$needed.sh"
      accepted "$needed"
    done
    uname -m
    { cc --version && c++ --version; } 2>/dev/null || true
    (. /etc/os-release && echo "$ID $VERSION_ID")
  } | sha256sum | cut -d ' ' -f 1
}

# prefix_for NAME VERSION SHA256: where it stands, or is to stand.
prefix_for() { printf '%s/%s-%s-%s-%s\n' "$PAWL_CACHE" "$1" "$2" "${3:0:12}" "$(recipe_id "$1" | cut -c 1-12)"; }

# built_prefix NAME: the prefix that stands already, else 1.
built_prefix() {
  local version sha prefix
  while read -r version sha; do
    prefix=$(prefix_for "$1" "$version" "$sha")
    [ -e "$prefix/.complete" ] && { printf '%s\n' "$prefix"; return 0; }
  done < <(accepted "$1")
  return 1
}

no_tarball() {
  local known
  mapfile -t known < <(accepted "$1")
  die "no accepted tarball of $1 could be fetched; what was tried is in $PAWL_CACHE/log/fetch-$1-*.log" \
    "With a network: see that apt-get update works, then call me again." \
    "Without one: set $2 to the path of a tarball with one of these versions and SHA-256:" "${known[@]/#/  }" \
    "A machine of a newer release fetches it with: apt-get source --download-only --tar-only $1"
}

# One set-up at a time builds it; what stands in the working folder then is of one that was killed.
need_built() {
  local lock
  [ -z "$(built_prefix "$1")" ] || return 0
  mkdir -p "$PAWL_CACHE/work"
  exec {lock}>"$PAWL_CACHE/work/$1.lock"
  flock --nonblock "$lock" || { step "$1: another set-up is at it; waiting" && flock "$lock"; }
  [ -n "$(built_prefix "$1")" ] || make_built "$@"
  exec {lock}>&-
}

make_built() {
  local name=$1 variable=$2 obtained file version sha prefix work="$PAWL_CACHE/work/$1"
  shift 2
  step "$name: looking for the release tarball"
  if [ -n "${!variable:-}" ]; then
    obtained=$(given_tarball "$name" "${!variable}") || exit 1
  else
    obtained=$(fetched_tarball "$name" "$@") || no_tarball "$name" "$variable"
  fi
  read -r file version sha <<<"$obtained"
  prefix=$(prefix_for "$name" "$version" "$sha")
  rm -rf "$work" "$prefix"
  mkdir "$work" "$work/source" "$work/prefix"
  step "$name $version: building (static, position independent)"
  tar -xf "$file" -C "$work/source" --strip-components=1
  logged "build-$name" bash "$root/tools/setup/run_recipe.sh" "$name" "$work/source" "$work/prefix" || { rm -rf "$work"; exit 1; }
  touch "$work/prefix/.complete"
  mv "$work/prefix" "$prefix"
  rm -rf "$work"
  step "$name $version: $prefix"
}
