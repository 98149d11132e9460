# need_built NAME VARIABLE SUITE…: a static library built from an accepted tarball, kept as
# $PAWL_CACHE/<name>-<version>-<first 12 digits of the tarball's SHA-256>, where CMake looks for it.
# VARIABLE names the environment variable that may hold a tarball's path.
#
# The recipe is the function build_<name> SOURCE PREFIX of recipe-<name>.sh. `.complete` holds what the tree was
# made from and for; another recipe or another release of the system makes it anew.

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
    (. /etc/os-release && echo "$ID $VERSION_ID")
  } | sha256sum | cut -d ' ' -f 1
}

# built_prefix NAME: the prefix that stands already, else 1.
built_prefix() {
  local version sha prefix
  while read -r version sha; do
    prefix="$PAWL_CACHE/$1-$version-${sha:0:12}"
    [ "$(cat "$prefix/.complete" 2>/dev/null)" = "$(recipe_id "$1")" ] && { printf '%s\n' "$prefix"; return 0; }
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

need_built() {
  local name=$1 variable=$2 obtained file version sha prefix work
  shift 2
  [ -z "$(built_prefix "$name")" ] || return 0
  step "$name: looking for the release tarball"
  if [ -n "${!variable:-}" ]; then
    obtained=$(given_tarball "$name" "${!variable}") || exit 1
  else
    obtained=$(fetched_tarball "$name" "$@") || no_tarball "$name" "$variable"
  fi
  read -r file version sha <<<"$obtained"
  prefix="$PAWL_CACHE/$name-$version-${sha:0:12}"
  work=$(mktemp -d "$PAWL_CACHE/$name.XXXXXX")
  step "$name $version: building (static, position independent)"
  mkdir "$work/source" "$work/prefix"
  tar -xf "$file" -C "$work/source" --strip-components=1
  logged "build-$name" bash "$root/tools/setup/run_recipe.sh" "$name" "$work/source" "$work/prefix" || { rm -rf "$work"; exit 1; }
  recipe_id "$name" >"$work/prefix/.complete"
  rm -rf "$prefix"
  mv "$work/prefix" "$prefix"
  rm -rf "$work"
  step "$name $version: $prefix"
}
