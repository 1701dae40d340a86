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

// Work-items of a group that reduces; the host's are in dae.kernel.opencl.ClOptimiser.
#ifndef GROUP
#define GROUP 256
#endif

// The sum of a work-group's values, as a tree; every item gets it.
static inline float group_sum(float value, local float *sums)
{
    int item = get_local_id(0);
    sums[item] = value;
    for (int span = GROUP / 2; span > 0; span /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (item < span)
            sums[item] += sums[item + span];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return sums[0];
}

// First stage of Σ g²: each group sums `run` elements for each of its items.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void optimiser_squares(int count, int run, global const float *g, int g0,
    global float *parts)
{
    local float sums[GROUP];
    int first = get_group_id(0) * GROUP * run + get_local_id(0);
    float sum = 0;
    for (int r = 0; r < run; r++) {
        int i = first + r * GROUP;
        if (i < count)
            sum = fma(g[g0 + i], g[g0 + i], sum);
    }
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        parts[get_group_id(0)] = sum;
}

// Second stage: every group adds up the at most GROUP parts, and scales its gradients if their norm is more than `most`.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void optimiser_clip(int count, int parts_count, float most,
    global const float *parts, global float *g, int g0)
{
    local float sums[GROUP];
    int item = get_local_id(0);
    float norm = sqrt(group_sum(item < parts_count ? parts[item] : 0, sums));
    int i = get_global_id(0);
    if (i < count && norm > most)
        g[g0 + i] *= most / norm;
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
