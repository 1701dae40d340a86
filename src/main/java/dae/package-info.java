/// The root holds one class, [dae.UserError], which every package may throw: wrong user input, one
/// line, exit code 2.
package dae;
