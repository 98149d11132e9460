# run_recipe.sh NAME SOURCE PREFIX: a recipe in a process of its own. Called inside a condition, bash ignores `set -e`
# down to the last function, and what failed half-way would count as built.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common source_package built hidden_flags "recipe-$1"; do
  . "$root/tools/setup/$part.sh"
done
"build_$1" "$2" "$3"
