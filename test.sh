#!/usr/bin/env bash
# Builds and checks everything, as a change must pass it. The last line sums up: N passed, N failed, N skipped.
set -uo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" || exit 1

# Longest that one test project may take, in seconds.
readonly patience=1800

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0))
    exit
}

step() {
    printf '\n== %s\n' "$1"
}

# A check that is no test counts as one where it fails.
check() {
    local what=$1
    shift
    step "$what"
    "$@" && return
    echo "FAILED: $what"
    failed=$((failed + 1))
    return 1
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# The programs that tests run against: PostgreSQL, Ceph's S3 gateway, Prometheus, a browser for the dashboard, Node.js, which reads datasets too, and Go
# with the libraries that Helm renders charts with.
install_servers() {
    local missing=()
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    command -v ceph-mon >/dev/null || missing+=(ceph-mon)
    command -v ceph-osd >/dev/null || missing+=(ceph-osd)
    command -v ceph >/dev/null || missing+=(ceph-common)
    command -v radosgw >/dev/null || missing+=(radosgw)
    command -v curl >/dev/null || missing+=(curl)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    command -v prometheus >/dev/null || missing+=(prometheus)
    [[ -x /usr/bin/chromium ]] || missing+=(chromium)
    command -v go >/dev/null || missing+=(golang-go)
    [[ -d /usr/share/gocode/src/github.com/Masterminds/sprig ]] || missing+=(golang-github-masterminds-sprig-dev)
    [[ -d /usr/share/gocode/src/github.com/xeipuuv/gojsonschema ]] || missing+=(golang-github-xeipuuv-gojsonschema-dev)
    [[ -d /usr/share/gocode/src/gopkg.in/yaml.v3 ]] || missing+=(golang-gopkg-yaml.v3-dev)
    if ((${#missing[@]} == 0)); then
        echo 'all there'
        return
    fi

    echo "installing ${missing[*]}"
    as_root apt-get update -qq \
        && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Runs one test project and adds up its counts. A project that ends without a summary, or ran nothing, has failed.
run_tests() {
    local project=$1 log status total errors counted_failed counted_skipped
    local program=artifacts/bin/$project/release/$project.dll
    step "$project"
    log=$(mktemp)
    timeout --kill-after=30 "$patience" dotnet "$program" -noColor -noLogo 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r total errors counted_failed counted_skipped < <(sed -nE \
        's/^ *[A-Za-z0-9_.]+ +Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+),.*/\1 \2 \3 \4/p' "$log" | tail -1)
    rm -f "$log"

    if [[ -z ${total:-} ]]; then
        echo "FAILED: $project ended with exit code $status and no summary"
        failed=$((failed + 1))
        return
    fi

    if ((total == 0)); then
        echo "FAILED: $project ran no test"
        failed=$((failed + 1))
        return
    fi

    passed=$((passed + total - counted_failed - counted_skipped))
    failed=$((failed + counted_failed + errors))
    skipped=$((skipped + counted_skipped))
    if ((status != 0 && counted_failed + errors == 0)); then
        echo "FAILED: $project ended with exit code $status although no test failed"
        failed=$((failed + 1))
    fi
}

command -v dotnet >/dev/null || {
    echo 'The .NET 10 SDK is missing: install it from https://dot.net/download so that "dotnet" is on the PATH.'
    failed=1
    finish
}

check 'servers for the tests' install_servers
# Taken before the build, for the launcher: what is built here need not be built again when a test runs ./pipeline.
mkdir -p artifacts && touch artifacts/launcher.stamp.new
check 'restore, as the lock files say' dotnet restore Pipeline.sln --locked-mode --verbosity quiet || finish
check 'build, warnings are errors' dotnet build Pipeline.sln --configuration Release --no-restore --verbosity quiet --nologo -warnaserror || finish
mv artifacts/launcher.stamp.new artifacts/launcher.stamp
check 'advisories on packages' tools/audit
check 'bill of materials' node tools/sbom.mjs artifacts/sbom.json
check 'format' dotnet format Pipeline.sln --verify-no-changes --no-restore

for folder in tests/*.Tests; do
    run_tests "$(basename "$folder")"
done

echo
finish
