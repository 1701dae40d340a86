/// What the kernels reach, as a share of what the machine can do at most, measured in the same JVM.
package dae.bench;
