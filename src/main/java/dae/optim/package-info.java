/// What turns gradients into better weights.
package dae.optim;
