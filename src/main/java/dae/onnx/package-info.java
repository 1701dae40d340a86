/// Models for other programs: [dae.onnx.OnnxExport] writes one as ONNX, [dae.onnx.Folding] brings
/// batch norms into the convolutions in front of them.
///
/// Decisions:
/// - **Read off the tape**, so that every network can be written and none is described twice. An op
///   that is new on a tape is one more case in [dae.onnx.OnnxExport].
/// - **Protobuf by hand** (Message): a message of numbers, bytes and messages is all that ONNX
///   needs, and a generated class for each of its records would be larger than this package.
/// - **Planes.** ONNX has images as N×C×H×W and filters as O×I×KH×KW; the mirrored convolution of a
///   transposed one has that very order.
/// - **Padding is explicit**: where Keras pads one side more, ONNX' `SAME_UPPER` and `SAME_LOWER`
///   agree for some extents only.
package dae.onnx;
