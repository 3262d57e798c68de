# What Tools/segment and Tools/test share: finding what the build needs, and building. Sourced by bash.

# The folder of Package.swift, from wherever the script is called, also through a link.
root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/Tools/lib/setup.sh}

# Says something on standard error, as the script that is running.
say() { printf '%s: %s\n' "Tools/${0##*/}" "$*" >&2; }

# Ends the script with a message.
fail() {
  say "$*"
  exit 1
}

# Lists the Debian packages that the build needs and that are not there.
missing_packages() {
  local pair
  if ! command -v pkg-config >/dev/null; then
    echo pkg-config libjpeg-dev libpng-dev zlib1g-dev libopenblas-dev
    return
  fi
  for pair in libjpeg:libjpeg-dev libpng:libpng-dev zlib:zlib1g-dev openblas:libopenblas-dev; do
    pkg-config --exists "${pair%%:*}" || echo "${pair##*:}"
  done
}

# Installs the packages that are missing, or says which they are and ends.
require_packages() {
  local packages as_root=()
  packages=$(missing_packages | tr '\n' ' ')
  packages=${packages% }
  [ -n "$packages" ] || return 0
  local advice="the build needs $packages: install with 'apt-get install $packages' as root"
  advice+=" (elsewhere: pkg-config, and the development files of libjpeg, libpng, zlib and OpenBLAS)"
  command -v apt-get >/dev/null || fail "$advice"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "$advice"
    # With a terminal sudo may ask for a password; without one it has to work as it is.
    if ! sudo -n true 2>/dev/null && ! { [ -t 2 ] && sudo -v; }; then fail "$advice"; fi
    as_root=(sudo)
  fi
  say "installing $packages with apt-get"
  # Standard input may be the image to segment, and standard output belongs to results.
  {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends $packages
  } </dev/null >&2 || fail "apt-get failed; $advice"
}

# Ends unless there is a Swift toolchain.
require_swift() {
  command -v swift >/dev/null ||
    fail "expected 'swift' on the PATH, found none: install Swift 6.1 or later, https://www.swift.org/install/linux"
}

# Everything that a build needs.
require_all() {
  require_swift
  require_packages
}
