/// The only package that imports `org.jocl`.
///
/// - [dae.kernel.opencl.Devices] says which OpenCL devices there are. A machine without OpenCL has
///   no loader library or no driver; both are ordinary and become a line of text.
package dae.kernel.opencl;
