#!/usr/bin/env bash
# aar.sh VERSION JAR: the Android archive from what is in build/android/<abi>. Run by ./dev aar, in the project's root.
set -euo pipefail

version=$1 jar=$2
abis=(arm64-v8a armeabi-v7a x86_64)
out=build/dist/pawl-android-$version.aar
licenses=build/android/licenses
given=() missing=()
for abi in "${abis[@]}"; do
  folder=build/android/$abi
  if [ -f "$folder/libpawl.so" ] && [ -f "$folder/libpawl_jni.so" ]; then
    given+=(--abi "$abi=$folder")
  else
    missing+=("$abi")
  fi
done
if [ ${#given[@]} -gt 0 ]; then
  [ -d "$licenses" ] || { echo "aar.sh: the licences of what is in the libraries belong into $licenses" >&2; exit 1; }
  given+=(--licenses "$licenses")
fi

if [ ${#missing[@]} -eq 0 ]; then
  python3 bindings/android/aar.py --version "$version" --jar "$jar" "${given[@]}" --out "$out"
  exit
fi

partial=${out%.aar}-incomplete.aar
python3 bindings/android/aar.py --version "$version" --jar "$jar" ${given[@]+"${given[@]}"} --out "$partial"
{
  echo "This archive is incomplete: there is no libpawl.so and libpawl_jni.so for ${missing[*]} in build/android."
  if [ -z "${ANDROID_NDK_HOME:-}" ]; then
    echo "They are built with the Android NDK r28 or later, which ANDROID_NDK_HOME does not name."
  elif [ ! -f "$ANDROID_NDK_HOME/build/cmake/android.toolchain.cmake" ]; then
    echo "ANDROID_NDK_HOME=$ANDROID_NDK_HOME has no build/cmake/android.toolchain.cmake: that is no NDK."
  else
    echo "The NDK is there."
  fi
  echo "How they are built: bindings/android/README.md."
} >&2
exit 3
