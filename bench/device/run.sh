#!/usr/bin/env bash
# Everything about one OpenCL device: is it right, how fast is it, and next to it PyTorch on the same card where it is installed.
#
#   bench/device/run.sh [RESULTS-FOLDER]
#
# Needs dae-engine.jar and a Java 25 with the module jdk.incubator.vector; nothing else of the project. With Maven and the sources at hand the
# whole proof runs first. Settings, all optional:
#
#   JAR      the jar                                  (target/dae-engine.jar)
#   JAVA     the Java to start it with                (java)
#   DEVICE   opencl, or opencl:<platform>.<device>    (opencl)
#   DAE_DATA the folder of CIFAR's archives; with cifar-100-binary.tar.gz in it the article's 40 epochs are trained
set -euo pipefail

out=${1:-bench/results/device}
jar=${JAR:-target/dae-engine.jar}
java=${JAVA:-java}
device=${DEVICE:-opencl}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

dae() {
  "$java" -jar "$jar" "$@"
}

say() {
  printf '\n== %s\n' "$1"
}

say "device"
dae doctor --backend "$device" | tee "$out/doctor.txt"

if command -v mvn >/dev/null && [[ -f pom.xml ]]; then
  say "proof: contract tests, golden results, trainings against SIMD, failing calls"
  number=${device#opencl}
  DAE_OPENCL=required mvn -q test -Dbackends=opencl -Ddevice="${number#:}" 2>&1 | tee "$out/proof.txt"
fi

say "the same small training on the device and on SIMD"
for backend in "$device" simd; do
  folder=$(mktemp -d)
  dae train --dataset leaves --limit 512 --epochs 2 --batch-size 32 --width 8 --backend "$backend" --out "$folder/run" 2>/dev/null >&2
  sed "s/^/${backend%%:*},/" "$folder/run/history.csv"
  rm -r "$folder"
done | cut -d, -f1-4 | tee "$out/small.csv"

say "tiles"
for batch in 128 512 2048; do
  dae tune --backend "$device" --batch-size "$batch"
done | tee "$out/tune.txt"

say "rates, data in memory"
dae doctor --backend "$device" --rates 128,512,2048 | grep '^rate' | tee "$out/rates.txt"

if command -v python3 >/dev/null && python3 -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  say "PyTorch, eager, FP32 without TF32"
  python3 "$here/torch_rates.py" 128 512 2048 | tee "$out/torch.txt"
  say "rates once more, for the spread"
  dae doctor --backend "$device" --rates 128 | grep '^rate' | tee -a "$out/rates.txt"
fi

say "time of each kernel"
folder=$(mktemp -d)
dae train --dataset leaves --limit 4096 --epochs 1 --backend "$device" --trace --out "$folder/run" 2>&1 | tee "$out/trace.txt"
rm -r "$folder"

if [[ -f ${DAE_DATA:-}/cifar-100-binary.tar.gz ]]; then
  say "the article's run"
  folder=$(mktemp -d)
  dae train --data "$DAE_DATA" --dataset cifar100 --noise-once --backend "$device" --out "$folder/run" | tee "$out/article.txt"
  dae evaluate --data "$DAE_DATA" --model "$folder/run/best.safetensors" --backend "$device" | tee -a "$out/article.txt"
  cp "$folder/run/history.csv" "$out/"
  rm -r "$folder"
fi
