// Pixels and single values for each (dae.kernel.PixelKernels). A work-item makes one pixel, all of its few channels.
//
// Extents: `pixels` of C channels; image tensors come as (buffer, first element, pitch), those of single values likewise.
//
// Maps give the same bits as the scalar definition: no product and sum may be merged unless fma says so.

#pragma OPENCL FP_CONTRACT OFF

// Work-items of a group that reduces; the host's are in dae.kernel.opencl.ClMap.
#ifndef GROUP
#define GROUP 256
#endif

static inline void put(global float *to, size_t where, float value, int flags)
{
    to[where] = flags & ADD ? to[where] + value : value;
}

static inline size_t pixel_at(int i, int first, int pitch)
{
    return first + (size_t)i * pitch;
}

// y = x + m·r.
kernel void pixel_blend(int pixels, int C, global const float *x, int x0, int x_pitch, global const float *m, int m0, int m_pitch,
    global const float *r, int r0, int r_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= pixels)
        return;
    float value = m[pixel_at(i, m0, m_pitch)];
    for (int c = 0; c < C; c++)
        y[pixel_at(i, y0, y_pitch) + c] = x[pixel_at(i, x0, x_pitch) + c] + value * r[pixel_at(i, r0, r_pitch) + c];
}

// y = m·x.
kernel void pixel_scale(int pixels, int C, int flags, global const float *m, int m0, int m_pitch, global const float *x, int x0,
    int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= pixels)
        return;
    float value = m[pixel_at(i, m0, m_pitch)];
    for (int c = 0; c < C; c++)
        put(y, pixel_at(i, y0, y_pitch) + c, value * x[pixel_at(i, x0, x_pitch) + c], flags);
}

// y = Σ_c a·b.
kernel void pixel_dot(int pixels, int C, int flags, global const float *a, int a0, int a_pitch, global const float *b, int b0,
    int b_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= pixels)
        return;
    float sum = 0;
    for (int c = 0; c < C; c++)
        sum = fma(a[pixel_at(i, a0, a_pitch) + c], b[pixel_at(i, b0, b_pitch) + c], sum);
    put(y, pixel_at(i, y0, y_pitch), sum, flags);
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

// First stage of Σ |p − t|: each group sums `run` pixels for each of its items. The second is `map_mean`.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void pixel_absolute_error_parts(int pixels, int C, int run,
    global const float *p, int p0, int p_pitch, global const float *t, int t0, int t_pitch, global float *parts)
{
    local float sums[GROUP];
    int first = get_group_id(0) * GROUP * run + get_local_id(0);
    float sum = 0;
    for (int r = 0; r < run; r++) {
        int i = first + r * GROUP;
        if (i < pixels) {
            float pixel = 0;
            for (int c = 0; c < C; c++)
                pixel += fabs(p[pixel_at(i, p0, p_pitch) + c] - t[pixel_at(i, t0, t_pitch) + c]);
            sum += pixel;
        }
    }
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        parts[get_group_id(0)] = sum;
}

// dp = factor·sign(p − t) with factor = 1 / (N·H·W·C).
kernel void pixel_absolute_error_backward(int pixels, int C, int flags, float factor, global const float *p, int p0, int p_pitch,
    global const float *t, int t0, int t_pitch, global float *dp, int dp0, int dp_pitch)
{
    int i = get_global_id(0);
    if (i >= pixels)
        return;
    for (int c = 0; c < C; c++) {
        float difference = p[pixel_at(i, p0, p_pitch) + c] - t[pixel_at(i, t0, t_pitch) + c];
        // Not sign(), which makes 0 of NaN.
        float sign = difference > 0 ? 1 : difference < 0 ? -1 : difference;
        put(dp, pixel_at(i, dp0, dp_pitch) + c, factor * sign, flags);
    }
}

// The mean squared error of one image, by one group; every item has it.
static inline float image_error(int image, int pixels, int C, global const float *p, int p0, int p_pitch, global const float *t, int t0,
    int t_pitch, local float *sums)
{
    float sum = 0;
    for (int k = get_local_id(0); k < pixels; k += GROUP) {
        int i = image * pixels + k;
        for (int c = 0; c < C; c++) {
            float difference = p[pixel_at(i, p0, p_pitch) + c] - t[pixel_at(i, t0, t_pitch) + c];
            sum = fma(difference, difference, sum);
        }
    }
    // Some items may still read the sum of another image.
    barrier(CLK_LOCAL_MEM_FENCE);
    group_sum(sum, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
    return sums[0] / ((float)pixels * C);
}

// First stage of Σ log(1 + e/epsilon), e an image's mean squared error: each group takes every get_num_groups(0)th of n images. The
// second is `map_mean`.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void pixel_psnr_error_parts(int n, int pixels, int C, float epsilon,
    global const float *p, int p0, int p_pitch, global const float *t, int t0, int t_pitch, global float *parts)
{
    local float sums[GROUP];
    float sum = 0;
    for (int image = get_group_id(0); image < n; image += get_num_groups(0)) {
        float ratio = image_error(image, pixels, C, p, p0, p_pitch, t, t0, t_pitch, sums) / epsilon;
        // What is infinite or NaN stays so, whatever the logarithm makes of it.
        sum += ratio < INFINITY ? log1p(ratio) : ratio;
    }
    if (get_local_id(0) == 0)
        parts[get_group_id(0)] = sum;
}

// dp = factor·(p − t) / (e + epsilon) with factor = 2 / (N·H·W·C), e the image's mean squared error. A group makes one image.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void pixel_psnr_error_backward(int pixels, int C, int flags, float factor,
    float epsilon, global const float *p, int p0, int p_pitch, global const float *t, int t0, int t_pitch, global float *dp, int dp0,
    int dp_pitch)
{
    local float sums[GROUP];
    int image = get_group_id(0);
    float slope = factor / (image_error(image, pixels, C, p, p0, p_pitch, t, t0, t_pitch, sums) + epsilon);
    for (int k = get_local_id(0); k < pixels; k += GROUP) {
        int i = image * pixels + k;
        for (int c = 0; c < C; c++) {
            float difference = p[pixel_at(i, p0, p_pitch) + c] - t[pixel_at(i, t0, t_pitch) + c];
            put(dp, pixel_at(i, dp0, dp_pitch) + c, slope * difference, flags);
        }
    }
}
