#!/usr/bin/env bash
# Runs the audit of action.yml in the folder of the workflow's repository. What it found does not fail this step, so that the
# report is uploaded first; the action's last step ends with the exit code that is written down here.
set -euo pipefail

options=()
with_value() { if [[ -n "$2" ]]; then options+=("$1" "$2"); fi; }
with_value --fail-on "$INPUT_FAIL_ON"
with_value --baseline "$INPUT_BASELINE"
with_value --compiler "$INPUT_COMPILER"
with_value --profile "$INPUT_PROFILE"
with_value --tools "$INPUT_TOOLS"
with_value --sarif "$INPUT_SARIF"
with_value --html "$INPUT_HTML"
if [[ "$INPUT_TESTS" == 'true' ]]; then options+=(--tests); fi

paths=()
while IFS= read -r path; do
  if [[ -n "$path" ]]; then paths+=("$path"); fi
done <<<"$INPUT_PATHS"

# A report of an earlier step is none of this one.
if [[ -n "$INPUT_SARIF" ]]; then rm -f -- "$INPUT_SARIF"; fi
summary="$(mktemp)"
trap 'rm -f "$summary"' EXIT

status=0
node "$SLIPWAY_ROOT/bin/slipway.js" audit "${options[@]}" --markdown "$summary" -- "${paths[@]}" || status=$?

if [[ -s "$summary" ]]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
sarif=''
if [[ -n "$INPUT_SARIF" && -s "$INPUT_SARIF" ]]; then sarif="$INPUT_SARIF"; fi
{
  echo "status=$status"
  echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
