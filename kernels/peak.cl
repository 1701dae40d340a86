// The yardstick: how many multiply-adds a second a device makes where nothing else holds it up (dae.kernel.opencl.ClPeak).

#define CHAINS 8
#define UNROLLED 16

// Each item runs CHAINS multiply-adds that do not wait for each other, UNROLLED times in each of `rounds` rounds. The sum of
// all is stored, so that no compiler leaves any out.
kernel void peak_multiply_add(int rounds, float a, float b, global float *out)
{
    float x[CHAINS];
#pragma unroll
    for (int c = 0; c < CHAINS; c++)
        x[c] = get_global_id(0) + c;
    for (int round = 0; round < rounds; round++) {
#pragma unroll
        for (int u = 0; u < UNROLLED; u++) {
#pragma unroll
            for (int c = 0; c < CHAINS; c++)
                x[c] = fma(x[c], a, b);
        }
    }
    float sum = 0;
#pragma unroll
    for (int c = 0; c < CHAINS; c++)
        sum += x[c];
    out[get_global_id(0)] = sum;
}
