#!/bin/sh
# Refreshes requirements/*.txt on purpose: pinned, with hashes, for every platform. Run by `make lock`.
set -eu
compile="uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate --no-emit-index-url --python-version 3.11"
# torch and what only its GPU builds need stay outside: a local CPU build has another hash (see Makefile).
apart="torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cccl nvidia-cuda-cupti
nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-cusolver nvidia-cusparse
nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx"
skip=""
for package in $apart; do skip="$skip --no-emit-package $package"; done
$compile pyproject.toml -o requirements/run.txt
# shellcheck disable=SC2086
$compile pyproject.toml requirements/test.in -c requirements/run.txt $skip -o requirements/test.txt
