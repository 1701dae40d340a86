// Maps, element by element (dae.kernel.MapKernels). A work-item makes one element, so that neighbouring items read and write
// neighbouring places.
//
// Extents: `count` elements in pixels of C channels; image tensors come as (buffer, first element, pitch). Where all pixels
// follow without a gap, the host says C = count and no index is divided.
//
// Everything here but the losses gives the same bits as the scalar definition: no product and sum may be merged unless fma says so.

#pragma OPENCL FP_CONTRACT OFF

// Work-items of a group that reduces; the host's are in dae.kernel.opencl.ClMap.
#ifndef GROUP
#define GROUP 256
#endif

// Where element i of an image tensor lies.
static inline size_t at(int i, int C, int first, int pitch)
{
    // A division costs more than the rest of most kernels here.
    return i < C ? first + i : first + (size_t)(i / C) * pitch + i % C;
}

static inline void put(global float *to, size_t where, float value, int flags)
{
    to[where] = flags & ADD ? to[where] + value : value;
}

// y = max(x, 0); NaN stays NaN.
kernel void map_relu(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = x[at(i, C, x0, x_pitch)];
    y[at(i, C, y0, y_pitch)] = a <= 0 ? 0 : a;
}

// dx = dy where y > 0, else 0.
kernel void map_relu_backward(int count, int C, int flags, global const float *y, int y0, int y_pitch, global const float *dy, int dy0,
    int dy_pitch, global float *dx, int dx0, int dx_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float d = y[at(i, C, y0, y_pitch)] > 0 ? dy[at(i, C, dy0, dy_pitch)] : 0;
    put(dx, at(i, C, dx0, dx_pitch), d, flags);
}

// y = x where x > 0, else SLOPE·x.
kernel void map_leaky_relu(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = x[at(i, C, x0, x_pitch)];
    y[at(i, C, y0, y_pitch)] = a > 0 ? a : SLOPE * a;
}

// dx = dy where y > 0, else SLOPE·dy.
kernel void map_leaky_relu_backward(int count, int C, int flags, global const float *y, int y0, int y_pitch, global const float *dy,
    int dy0, int dy_pitch, global float *dx, int dx0, int dx_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float d = dy[at(i, C, dy0, dy_pitch)];
    put(dx, at(i, C, dx0, dx_pitch), y[at(i, C, y0, y_pitch)] > 0 ? d : SLOPE * d, flags);
}

// y = a + b.
kernel void map_add(int count, int C, global const float *a, int a0, int a_pitch, global const float *b, int b0, int b_pitch,
    global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        y[at(i, C, y0, y_pitch)] = a[at(i, C, a0, a_pitch)] + b[at(i, C, b0, b_pitch)];
}

// y = max(0, min(1, x)); NaN stays NaN.
kernel void map_clip(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = x[at(i, C, x0, x_pitch)];
    y[at(i, C, y0, y_pitch)] = a > 1 ? 1 : a <= 0 ? 0 : a;
}

// y = 1 / (1 + exp(−x)).
kernel void map_sigmoid(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        y[at(i, C, y0, y_pitch)] = logistic(x[at(i, C, x0, x_pitch)]);
}

// dx = dy·y·(1 − y).
kernel void map_sigmoid_backward(int count, int C, int flags, global const float *y, int y0, int y_pitch, global const float *dy,
    int dy0, int dy_pitch, global float *dx, int dx0, int dx_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = y[at(i, C, y0, y_pitch)];
    put(dx, at(i, C, dx0, dx_pitch), dy[at(i, C, dy0, dy_pitch)] * a * (1 - a), flags);
}

// y = x.
kernel void map_copy(int count, int C, int flags, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        put(y, at(i, C, y0, y_pitch), x[at(i, C, x0, x_pitch)], flags);
}

// The sum of a work-group's values, as a tree; the result is the first item's.
static inline float group_sum(float value, local float *sums)
{
    int item = get_local_id(0);
    sums[item] = value;
    for (int span = GROUP / 2; span > 0; span /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (item < span)
            sums[item] += sums[item + span];
    }
    return sums[0];
}

// First stage of Σ (p − t)²: each group sums `run` elements for each of its items.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void map_squared_error_parts(int count, int C, int run, global const float *p,
    int p0, int p_pitch, global const float *t, int t0, int t_pitch, global float *parts)
{
    local float sums[GROUP];
    int first = get_group_id(0) * GROUP * run + get_local_id(0);
    float sum = 0;
    for (int r = 0; r < run; r++) {
        int i = first + r * GROUP;
        if (i < count) {
            float difference = p[at(i, C, p0, p_pitch)] - t[at(i, C, t0, t_pitch)];
            sum = fma(difference, difference, sum);
        }
    }
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        parts[get_group_id(0)] = sum;
}

// Second stage of any loss, one group: loss = Σ parts / divisor.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void map_mean(int parts_count, int flags, float divisor,
    global const float *parts, global float *loss, int loss0)
{
    local float sums[GROUP];
    float sum = 0;
    for (int i = get_local_id(0); i < parts_count; i += GROUP)
        sum += parts[i];
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        put(loss, loss0, sum / divisor, flags);
}

// dp = factor·(p − t) with factor = 2 / (N·H·W·C).
kernel void map_mean_squared_error_backward(int count, int C, int flags, float factor, global const float *p, int p0, int p_pitch,
    global const float *t, int t0, int t_pitch, global float *dp, int dp0, int dp_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        put(dp, at(i, C, dp0, dp_pitch), factor * (p[at(i, C, p0, p_pitch)] - t[at(i, C, t0, t_pitch)]), flags);
}

// First stage of Σ max(z, 0) − z·t + log(1 + exp(−|z|)).
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void map_cross_entropy_parts(int count, int C, int run, global const float *z,
    int z0, int z_pitch, global const float *t, int t0, int t_pitch, global float *parts)
{
    local float sums[GROUP];
    int first = get_group_id(0) * GROUP * run + get_local_id(0);
    float sum = 0;
    for (int r = 0; r < run; r++) {
        int i = first + r * GROUP;
        if (i < count) {
            float logit = z[at(i, C, z0, z_pitch)];
            // NaN goes through the product, whatever the logarithm makes of it.
            sum += logit * ((logit > 0) - t[at(i, C, t0, t_pitch)]) + log1p(exp_(-fabs(logit)));
        }
    }
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        parts[get_group_id(0)] = sum;
}

// dz = factor·(σ(z) − t) with factor = 1 / (N·H·W·C).
kernel void map_cross_entropy_backward(int count, int C, int flags, float factor, global const float *z, int z0, int z_pitch,
    global const float *t, int t0, int t_pitch, global float *dz, int dz0, int dz_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        put(dz, at(i, C, dz0, dz_pitch), factor * (logistic(z[at(i, C, z0, z_pitch)]) - t[at(i, C, t0, t_pitch)]), flags);
}
