#!/bin/sh
# Makes sure that the tests find a Chromium: without a window of its own (a quarter of the work) where there is one, else
# the one on PATH, else Playwright's own.
set -u
bin=$1

if command -v chromium-headless-shell >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium (once) ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium-headless-shell >/dev/null && exit 0
fi
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
"$bin/playwright" install --only-shell chromium && exit 0
echo "The tests of the pages need a Chromium. Install one, for example: sudo apt-get install chromium" >&2
exit 1
