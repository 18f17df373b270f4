#!/bin/sh
# Builds the container image: eng/image.sh TAG
# Uses the daemon that DOCKER_HOST names, or the default one. Base images are pulled; where that is not possible,
# a root user on Debian gets local stand-ins (local-dotnet-images.sh).
set -eu

tag=${1:?usage: eng/image.sh TAG}
cd "$(dirname "$0")/.."
docker=$(eng/docker-client.sh)
"$docker" version >/dev/null 2>&1 || { echo "No Docker daemon answers: start Docker first." >&2; exit 1; }

missing=0
for image in $(eng/local-dotnet-images.sh --names); do
    "$docker" image inspect "$image" >/dev/null 2>&1 || timeout 600 "$docker" pull -q "$image" >/dev/null 2>&1 || missing=1
done
if [ "$missing" = 1 ]; then
    echo "The .NET base images cannot be pulled here: making local stand-ins." >&2
    DOCKER=$docker eng/local-dotnet-images.sh
fi

revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
DOCKER_BUILDKIT=1 "$docker" build --network host -t "$tag" \
    --build-arg VERSION="${VERSION:-0.1.0-dev}" --build-arg REVISION="$revision" .
