/// Chooses the machine: the only production package that names every backend.
///
/// - [dae.backend.Backends] opens one by name. `auto` takes a GPU that passes the
///   [dae.backend.SelfTest] and beats SIMD in a [dae.backend.Trial], both in a process of their own
///   whose verdict is kept, or else the fastest that this JVM can run, and says so when that is not
///   the SIMD backend: a silent fallback would look like a slow program.
package dae.backend;
