/// What turns gradients into better weights: [dae.optim.Adam] takes the steps, a
/// [dae.optim.Schedule] says how large they are, a [dae.optim.WeightAverage] smooths where they
/// lead.
package dae.optim;
