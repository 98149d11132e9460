# need_packages GROUP…: installs what is missing of the groups of packages.txt with apt.

packages_of() {
  local group
  for group in "$@"; do
    awk -v group="$group" '("," $1 ",") ~ ("," group ",") { for (i = 2; i <= NF; i++) print $i }' "$root/tools/setup/packages.txt"
  done | sort -u
}

all_packages() { awk '!/^#/ { for (i = 2; i <= NF; i++) print $i }' "$root/tools/setup/packages.txt" | sort -u; }

# The names among the arguments that are not installed, on one line.
missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
  done
}

apt_quietly() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

need_packages() {
  local wanted missing
  wanted=$(packages_of "$@")
  if ! command -v dpkg-query >/dev/null; then
    [ -z "${PAWL_NO_APT_SAID:-}" ] || return 0
    PAWL_NO_APT_SAID=1
    say "dev: no dpkg here; these must be installed by hand (Debian's names):" "$(echo $wanted)"
    return 0
  fi
  missing=$(missing_packages $wanted)
  [ -n "$missing" ] || return 0
  if ! can_be_root; then
    die "packages are missing and I am not root; run this, then call me again:" \
      "sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
  fi
  step "apt-get: package lists"
  logged apt-update apt_quietly update || say "dev: going on with the package lists as they are"
  step "apt-get: $(echo $missing | wc -w) packages: $missing"
  logged apt-install apt_quietly install --no-install-recommends $missing ||
    die "apt-get could not install: $missing" "see above; on a release that lacks one, tools/setup/packages.txt is the list"
}
