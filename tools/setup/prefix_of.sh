# prefix_of.sh NAME: where what set-up built of NAME stands; nothing, and status 1, while set-up has yet to build it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common source_package built; do
  . "$root/tools/setup/$part.sh"
done
built_prefix "$1"
