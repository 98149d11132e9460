# Release tarballs newer than the distribution's packages, without naming any server: the machine's own
# apt sources are asked for the same archive's source package in another suite. Nothing is installed
# this way; one file is fetched and compared with tarballs.txt.

# accepted NAME: the lines "version sha256" that tarballs.txt has for it.
accepted() { sed -n "s/^$1[[:space:]]\{1,\}\([^ ]*\)[[:space:]]\{1,\}\([0-9a-f]\{64\}\).*/\1 \2/p" "$root/tools/setup/tarballs.txt"; }

# version_of NAME FILE: the version if the file's SHA-256 is accepted, else nothing and 1.
version_of() {
  local sha
  sha=$(sha256sum <"$2" | cut -d ' ' -f 1)
  accepted "$1" | awk -v sha="$sha" '$2 == sha { print $1, $2; found = 1; exit } END { exit !found }'
}

# swapped_sources SUITE: the machine's entries for its own release, as source entries of another suite.
# They are marked trusted because an old release need not know a newer suite's signing keys; what
# protects us is the SHA-256 in tarballs.txt.
swapped_sources() {
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT)' 'Identifier: Packages' |
    awk -v own="$codename" -v suite="$1" '
      $4 ~ /^(main|universe)$/ && ($2 == own || $3 == own || own == "") { print "deb-src [trusted=yes]", $1, suite, $4 }' |
    sort -u
}

# fetch_from_suite NAME SUITE FOLDER: the suite's upstream tarball of source package NAME into FOLDER.
fetch_from_suite() {
  local name=$1 suite=$2 folder=$3 apt
  apt=$(mktemp -d "$folder/apt.XXXXXX")
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/archives/partial"
  swapped_sources "$suite" >"$apt/sources/swapped.list"
  [ -s "$apt/sources/swapped.list" ] || return 1
  set -- -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/sources" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root
  apt-get "$@" update || true  # a third party's entry may have no such suite; the result below counts
  (cd "$folder" && apt-get "$@" source --download-only --tar-only "$name")
}

# given_tarball NAME FILE: prints "FILE VERSION SHA256" if the file is accepted.
given_tarball() {
  local found
  [ -r "$2" ] || die "$2: cannot read it"
  found=$(version_of "$1" "$2") || die "$2 is not an accepted tarball of $1" \
    "its SHA-256: $(sha256sum <"$2" | cut -d ' ' -f 1)" "the list: tools/setup/tarballs.txt"
  printf '%s %s\n' "$2" "$found"
}

# fetched_tarball NAME SUITE…: the same for one fetched before, or from the first suite that has an accepted one.
fetched_tarball() {
  local name=$1 folder="$PAWL_CACHE/tarballs/$1" suite file found
  shift
  mkdir -p "$folder"
  for suite in '' "$@"; do
    [ -z "$suite" ] || quietly_logged "fetch-$name-$suite" fetch_from_suite "$name" "$suite" "$folder" >&2 || true
    rm -rf "$folder"/apt.*
    for file in "$folder"/*.tar.*; do
      [ -f "$file" ] || continue
      if found=$(version_of "$name" "$file"); then
        printf '%s %s\n' "$file" "$found"
        return
      fi
      say "dev: $(basename "$file") of suite $suite is not on the list; left aside" >&2
      rm -f "$file"
    done
  done
  return 1
}
