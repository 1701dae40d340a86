// One number in, one number out (dae.kernel.PointwiseKernels). A work-item makes one number, so that neighbouring items read
// and write neighbouring places; only the noise makes four, because a block of random words gives four.
//
// Extents: `count` numbers in pixels of C channels; image tensors come as (buffer, first number, pitch). Where all pixels
// follow without a gap, the host says C = count and no index is divided. GROUP and the flags come with -D.
//
// Everything here gives the same bits as the scalar definition: no product and sum may be merged unless fma says so.

#pragma OPENCL FP_CONTRACT OFF

// Where number i of an image tensor lies.
static inline size_t at(int i, int C, int first, int pitch)
{
    // A division costs more than the rest of most kernels here.
    return i < C ? first + i : first + (size_t)(i / C) * pitch + i % C;
}

static inline void put(global float *to, size_t where, float value, int flags)
{
    to[where] = flags & ADD ? to[where] + value : value;
}

// y = max(x, 0); a number that is not one stays so.
kernel void pointwise_relu(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = x[at(i, C, x0, x_pitch)];
    y[at(i, C, y0, y_pitch)] = a <= 0 ? 0 : a;
}

// dx = dy where y > 0, else 0.
kernel void pointwise_relu_backward(int count, int C, int flags, global const float *y, int y0, int y_pitch, global const float *dy, int dy0,
    int dy_pitch, global float *dx, int dx0, int dx_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float d = y[at(i, C, y0, y_pitch)] > 0 ? dy[at(i, C, dy0, dy_pitch)] : 0;
    put(dx, at(i, C, dx0, dx_pitch), d, flags);
}

// y = 1 / (1 + exp(−x)).
kernel void pointwise_sigmoid(int count, int C, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        y[at(i, C, y0, y_pitch)] = logistic(x[at(i, C, x0, x_pitch)]);
}

// dx = dy·y·(1 − y).
kernel void pointwise_sigmoid_backward(int count, int C, int flags, global const float *y, int y0, int y_pitch, global const float *dy,
    int dy0, int dy_pitch, global float *dx, int dx0, int dx_pitch)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float a = y[at(i, C, y0, y_pitch)];
    put(dx, at(i, C, dx0, dx_pitch), dy[at(i, C, dy0, dy_pitch)] * a * (1 - a), flags);
}

// y = x.
kernel void pointwise_copy(int count, int C, int flags, global const float *x, int x0, int x_pitch, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        put(y, at(i, C, y0, y_pitch), x[at(i, C, x0, x_pitch)], flags);
}

// average = (average − value)·keep + value.
kernel void pointwise_average(int count, float keep, global float *average, int average0, global const float *value, int value0)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float b = value[value0 + i];
    average[average0 + i] = (average[average0 + i] - b) * keep + b;
}

// clean = byte / 255.
kernel void pointwise_pixels(int count, int C, global const uchar *bytes, global float *clean, int clean0, int clean_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        clean[at(i, C, clean0, clean_pitch)] = bytes[i] / 255.0f;
}

// The sum of a work-group's numbers, as a tree; the result is the first item's.
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

// First stage of Σ (p − t)²: each group sums `run` numbers for each of its items.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void pointwise_squared_error_parts(int count, int C, int run, global const float *p,
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

// Second stage, one group: loss = Σ parts / count.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void pointwise_mean_squared_error(int parts_count, float count,
    global const float *parts, global float *loss, int loss0)
{
    local float sums[GROUP];
    float sum = 0;
    for (int i = get_local_id(0); i < parts_count; i += GROUP)
        sum += parts[i];
    sum = group_sum(sum, sums);
    if (get_local_id(0) == 0)
        loss[loss0] = sum / count;
}

// dp = factor·(p − t) with factor = 2 / (N·H·W·C).
kernel void pointwise_mean_squared_error_backward(int count, int C, int flags, float factor, global const float *p, int p0, int p_pitch,
    global const float *t, int t0, int t_pitch, global float *dp, int dp0, int dp_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        put(dp, at(i, C, dp0, dp_pitch), factor * (p[at(i, C, p0, p_pitch)] - t[at(i, C, t0, t_pitch)]), flags);
}

// loss = NaN if any gradient is infinite or not a number. Whoever finds one writes the same.
kernel void pointwise_guard(int count, global const float *gradients, int gradients0, global float *loss, int loss0)
{
    int i = get_global_id(0);
    if (i < count && !isfinite(gradients[gradients0 + i]))
        loss[loss0] = NAN;
}

// A step of Adam; nothing if the loss is not finite.
kernel void pointwise_adam(int count, float rate, float beta1, float beta2, float epsilon, global float *w, int w0, global const float *g,
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

// ---------------------------------------------------------------------------------------------------------------------
// The noise: dae.random.Philox and dae.random.Normals, line by line.

#define STREAM_NOISE 1

static inline uint4 philox(uint4 c, uint2 key)
{
    for (int round = 0; round < 10; round++) {
        uint hi0 = mul_hi(0xD2511F53u, c.x), lo0 = 0xD2511F53u * c.x;
        uint hi1 = mul_hi(0xCD9E8D57u, c.z), lo1 = 0xCD9E8D57u * c.z;
        c = (uint4)(hi1 ^ c.y ^ key.x, lo1, hi0 ^ c.w ^ key.y, lo0);
        key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
    }
    return c;
}

static inline float log_(float x)
{
    int bits = as_int(x);
    int e = (bits - 0x3F3504F3) >> 23;
    float f = as_float(bits - (e << 23)) - 1.0f;
    float p = -0.07634493f;
    p = fma(p, f, 0.12761575f);
    p = fma(p, f, -0.13160183f);
    p = fma(p, f, 0.14201759f);
    p = fma(p, f, -0.16623357f);
    p = fma(p, f, 0.20001227f);
    p = fma(p, f, -0.2500082f);
    p = fma(p, f, 0.3333333f);
    p = fma(p, f, -0.5f);
    p = fma(f * f, p, f);
    return fma((float)e, 0.6931472f, p);
}

static inline float radius(uint word)
{
    float u = (float)((word >> 8) + 1) * 0x1p-24f;
    return sqrt(-2.0f * log_(u));
}

static inline float sin_near_zero(float t)
{
    float z = t * t;
    float p = -75.4534f;
    p = fma(p, z, 81.59394f);
    p = fma(p, z, -41.341675f);
    p = fma(p, z, 6.2831855f);
    return t * p;
}

static inline float cos_near_zero(float t)
{
    float z = t * t;
    float p = 59.245964f;
    p = fma(p, z, -85.44374f);
    p = fma(p, z, 64.93932f);
    p = fma(p, z, -19.739208f);
    return fma(p, z, 1.0f);
}

// Cosine (quadrant 1) or sine (quadrant 0) of an angle in steps of 2⁻²⁴ turns.
static inline float wave(uint turn, int quadrant)
{
    int q = (turn + (1 << 21)) >> 22;
    float t = (float)((int)turn - (q << 22)) * 0x1p-24f;
    float value = ((q + quadrant) & 1) == 0 ? sin_near_zero(t) : cos_near_zero(t);
    return as_float(as_int(value) ^ (((q + quadrant) & 2) << 30));
}

// noisy = clip(clean + σ·normal, 0, 1). Item (b, i) is block b of image i, which holds `size` numbers in `blocks` blocks.
kernel void pointwise_noise(int size, int blocks, int C, uint key0, uint key1, uint epoch, float sigma, global const int *images,
    global const float *clean, int clean0, int clean_pitch, global float *noisy, int noisy0, int noisy_pitch)
{
    int b = get_global_id(0);
    int i = get_global_id(1);
    if (b >= blocks)
        return;
    uint4 word = philox((uint4)(b, images[i], epoch, STREAM_NOISE), (uint2)(key0, key1));
    float radius0 = radius(word.x), radius1 = radius(word.z);
    uint turn0 = word.y >> 8, turn1 = word.w >> 8;
    float normal[4] = {
        radius0 * wave(turn0, 1), radius0 * wave(turn0, 0), radius1 * wave(turn1, 1), radius1 * wave(turn1, 0)};
    for (int quarter = 0; quarter < 4; quarter++) {
        int position = b + quarter * blocks;
        if (position < size) {
            int number = i * size + position;
            float value = fma(sigma, normal[quarter], clean[at(number, C, clean0, clean_pitch)]);
            noisy[at(number, C, noisy0, noisy_pitch)] = value > 1 ? 1 : value < 0 ? 0 : value;
        }
    }
}
