/// What every package may use:
///
/// - [dae.UserError] is wrong user input: one line, exit code 2. [dae.DeviceError] is one of its
///   kind, for a device that fails in the middle of its work.
/// - [dae.Printable] is text of foreign files, fit for a terminal.
/// - [dae.Heap] says what the Java heap can still take.
package dae;
