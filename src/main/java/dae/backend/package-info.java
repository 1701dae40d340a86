/// Chooses the machine: the only production package that names every backend.
package dae.backend;
