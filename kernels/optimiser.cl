// What makes new weights from old ones (dae.kernel.OptimiserKernels). A work-item works on one of `count` weights and what belongs to it;
// each vector comes as (buffer, first element).
//
// No product and sum may be merged, as in the scalar definition.

#pragma OPENCL FP_CONTRACT OFF

// loss = NaN if any gradient is infinite or NaN. Whoever finds one writes the same.
kernel void optimiser_guard(int count, global const float *gradients, int gradients0, global float *loss, int loss0)
{
    int i = get_global_id(0);
    if (i < count && !isfinite(gradients[gradients0 + i]))
        loss[loss0] = NAN;
}

// A step of Adam; nothing if the loss is not finite.
kernel void optimiser_adam(int count, float rate, float beta1, float beta2, float epsilon, global float *w, int w0, global const float *g,
    int g0, global float *m, int m0, global float *v, int v0, global const float *loss, int loss0)
{
    int i = get_global_id(0);
    if (i >= count || !isfinite(loss[loss0]))
        return;
    float gradient = g[g0 + i];
    float mean = m[m0 + i];
    float square = v[v0 + i];
    mean += (gradient - mean) * (1 - beta1);
    square += (gradient * gradient - square) * (1 - beta2);
    m[m0 + i] = mean;
    v[v0 + i] = square;
    w[w0 + i] -= rate * mean / (sqrt(square) + epsilon);
}

// average = (average − value)·keep + value.
kernel void optimiser_average(int count, float keep, global float *average, int average0, global const float *value, int value0)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float b = value[value0 + i];
    average[average0 + i] = (average[average0 + i] - b) * keep + b;
}
