# What ./run and ./test share: the system check, the SDK, and a build that is skipped when nothing changed.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by the caller

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

say() { printf '%s\n' "$*"; }

artifacts=${FLEXEDIT_ARTIFACTS:-$root/artifacts}

# A home that cannot be written (an empty HOME, a service account) is replaced by a folder of the clone:
# the SDK, the packages and the mended native library all want one.
if [ -z "${HOME:-}" ] || ! mkdir -p "$HOME" 2>/dev/null || [ ! -w "$HOME" ]; then
  HOME=$root/.tools/home
  export HOME
fi
export DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-$HOME}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1

need_writable() { # folder, what to do instead
  local probe=$1/.write-probe.$$
  { mkdir -p "$1" && : >"$probe"; } 2>/dev/null || die "The folder $1 cannot be written; $2."
  rm -f "$probe"
}

check_system() {
  [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
    die "FlexEdit runs on 64-bit x86 Linux; this is $(uname -s) on $(uname -m)."
  getconf GNU_LIBC_VERSION >/dev/null 2>&1 ||
    die "FlexEdit's native libraries need glibc (Debian 12 or 13, Ubuntu 24.04); this system has another C library."
  dotnet=$(command -v dotnet || true)
  if [ -z "$dotnet" ] && [ -x "$HOME/.dotnet/dotnet" ]; then
    dotnet=$HOME/.dotnet/dotnet
  fi
  sdk=''
  if [ -n "$dotnet" ]; then
    sdk=$(cd "$root" && "$dotnet" --version 2>/dev/null) || sdk=''
  fi
  case $sdk in
    10.*) ;;
    *) die "FlexEdit needs the .NET SDK 10, which is not installed here: 'sudo apt-get install dotnet-sdk-10.0' on Ubuntu 24.04, on Debian after the one-time step of https://learn.microsoft.com/dotnet/core/install/linux-debian, then run this again." ;;
  esac
}

# One line that changes whenever the programs could come out different.
source_state() {
  {
    printf '%s\n' "$sdk" "$root" "$HOME" "${NUGET_PACKAGES:-}"
    cd "$root" && find global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt \
      docs/openapi.json masks models shared services clients evaluation \
      -path models/weights -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum
}

# One line that changes whenever somebody else has built, cleaned or touched the programs.
output_state() {
  find "$artifacts/bin/FlexEdit.Standalone/release" "$artifacts/bin/FlexEdit.Cli/release" \
    -type f -printf '%P %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum
}

restore() { # project or solution
  local output
  if ! output=$("$dotnet" restore "$1" --locked-mode -v quiet -p:NuGetAudit=false 2>&1); then
    printf '%s\n' "$output" >&2
    die "The packages could not be restored; the first build needs the network."
  fi
}

compile() { # project or solution
  "$dotnet" build "$1" -c Release --no-restore -v quiet -nologo -clp:NoSummary ||
    die "The build failed; the errors are above."
}

build_programs() {
  local stamp=$artifacts/run.stamp state packages project
  packages=$(sed -n 's/.*"packagesPath": "\(.*\)".*/\1/p' "$artifacts/obj/FlexEdit.Models/project.assets.json" 2>/dev/null | head -n 1 || true)
  state=$(source_state)
  if [ -d "${packages:-none}/libtorch-cpu-linux-x64" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state$(output_state)" ]; then
    say "Nothing has changed since the last build."
    return
  fi
  rm -f "$stamp"
  say "Building with the .NET SDK $sdk (the first time a few minutes: about 500 MB of packages are fetched)"
  for project in services/standalone/FlexEdit.Standalone.csproj clients/cli/FlexEdit.Cli.csproj; do
    restore "$root/$project"
    compile "$root/$project"
  done
  printf '%s' "$state$(output_state)" >"$stamp"
}
