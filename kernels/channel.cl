// Reductions over all pixels, one result per channel, and the maps that use them (dae.kernel.ChannelKernels).
//
// A work-group handles CHANNELS neighbouring channels with LINES items each; neighbouring items read neighbouring
// channels. A reduction has two stages: group (c, chunk) sums the pixels of its chunk and writes parts[chunk·C + channel],
// and then one group per CHANNELS channels adds the parts. Which pixels make a chunk follows from the number of pixels
// alone, and so does the order of every sum.

#pragma OPENCL FP_CONTRACT OFF

// The host's are in dae.kernel.opencl.ClChannel. LINES decides the order of sums, and with it the bits.
#ifndef CHANNELS
#define CHANNELS 32
#endif
#ifndef LINES
#define LINES 8
#endif

#define GROUP __attribute__((reqd_work_group_size(CHANNELS, LINES, 1)))

// The sum of a channel's LINES values, as a tree; every item has it.
static inline float lines_sum(float value, local float sums[LINES][CHANNELS])
{
    int c = get_local_id(0), line = get_local_id(1);
    barrier(CLK_LOCAL_MEM_FENCE);
    sums[line][c] = value;
    for (int span = LINES / 2; span > 0; span /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (line < span)
            sums[line][c] += sums[line + span][c];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return sums[0][c];
}

// Σ parts of a channel.
static inline float parts_sum(int C, int chunks, int channel, global const float *parts, local float sums[LINES][CHANNELS])
{
    float sum = 0;
    for (int chunk = get_local_id(1); chunk < chunks && channel < C; chunk += LINES)
        sum += parts[chunk * C + channel];
    return lines_sum(sum, sums);
}

// First stage of Σ x.
kernel GROUP void channel_sum_parts(int M, int C, int chunk, global const float *x, int x0, int x_pitch, global float *parts)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    int until = min((int)(get_group_id(1) + 1) * chunk, M);
    float sum = 0;
    for (int m = get_group_id(1) * chunk + get_local_id(1); m < until && channel < C; m += LINES)
        sum += x[x0 + (size_t)m * x_pitch + channel];
    sum = lines_sum(sum, sums);
    if (get_local_id(1) == 0 && channel < C)
        parts[get_group_id(1) * C + channel] = sum;
}

// Second stage of Σ x.
kernel GROUP void channel_sum(int C, int chunks, global const float *parts, global float *sum, int sum0)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    float total = parts_sum(C, chunks, channel, parts, sums);
    if (get_local_id(1) == 0 && channel < C)
        sum[sum0 + channel] = total;
}

// First stage of mean and variance: of each chunk its mean, and the sum of squared deviations from that mean.
kernel GROUP void channel_moments_parts(int M, int C, int chunk, global const float *x, int x0, int x_pitch, global float *means,
    global float *squares)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    int from = get_group_id(1) * chunk;
    int until = min(from + chunk, M);
    float sum = 0;
    for (int m = from + get_local_id(1); m < until && channel < C; m += LINES)
        sum += x[x0 + (size_t)m * x_pitch + channel];
    float mean = lines_sum(sum, sums) / (until - from);
    // A second pass over what has just been read: a sum of squares about 0 would lose the digits of a small variance.
    float square = 0;
    for (int m = from + get_local_id(1); m < until && channel < C; m += LINES) {
        float deviation = x[x0 + (size_t)m * x_pitch + channel] - mean;
        square = fma(deviation, deviation, square);
    }
    square = lines_sum(square, sums);
    if (get_local_id(1) == 0 && channel < C) {
        means[get_group_id(1) * C + channel] = mean;
        squares[get_group_id(1) * C + channel] = square;
    }
}

// Second stage (Chan, Golub & LeVeque 1983): M·v = Σ (squares + n·(mean of the chunk − mean)²) over the chunks. Every item of
// a channel has its mean and variance.
static inline void merge(int M, int C, int chunk, int chunks, int channel, global const float *means, global const float *squares,
    local float sums[LINES][CHANNELS], float *mean, float *variance)
{
    // Means are taken relative to the first chunk's, so that little is rounded.
    float origin = channel < C ? means[channel] : 0;
    float sum = 0;
    for (int i = get_local_id(1); i < chunks && channel < C; i += LINES)
        sum = fma((float)(min((i + 1) * chunk, M) - i * chunk), means[i * C + channel] - origin, sum);
    float shift = lines_sum(sum, sums) / M;
    float square = 0;
    for (int i = get_local_id(1); i < chunks && channel < C; i += LINES) {
        float deviation = means[i * C + channel] - origin - shift;
        square += fma((float)(min((i + 1) * chunk, M) - i * chunk) * deviation, deviation, squares[i * C + channel]);
    }
    *mean = origin + shift;
    *variance = lines_sum(square, sums) / M;
}

kernel GROUP void channel_moments(int M, int C, int chunk, int chunks, global const float *means, global const float *squares,
    global float *mean, int mean0, global float *variance, int variance0)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    float m, v;
    merge(M, C, chunk, chunks, channel, means, squares, sums, &m, &v);
    if (get_local_id(1) == 0 && channel < C) {
        mean[mean0 + channel] = m;
        variance[variance0 + channel] = v;
    }
}

static inline float inverse_deviation(float variance, float epsilon)
{
    return 1.0f / sqrt(variance + epsilon);
}

// momentum·average + (1 − momentum)·correction·value; a value that is not finite is passed over.
static inline float moving_average(float average, float value, float momentum, float correction)
{
    return isfinite(value) ? fma(momentum, average, (1 - momentum) * (correction * value)) : average;
}

// The moments, and what a batch normalisation makes of them.
kernel GROUP void channel_statistics(int M, int C, int chunk, int chunks, global const float *means, global const float *squares,
    float epsilon, float momentum, global float *mean, int mean0, global float *variance, int variance0, global float *r, int r0,
    global float *moving_mean, int moving_mean0, global float *moving_variance, int moving_variance0)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    float m, v;
    merge(M, C, chunk, chunks, channel, means, squares, sums, &m, &v);
    if (get_local_id(1) == 0 && channel < C) {
        mean[mean0 + channel] = m;
        variance[variance0 + channel] = v;
        r[r0 + channel] = inverse_deviation(v, epsilon);
        global float *average = moving_mean + moving_mean0 + channel;
        *average = moving_average(*average, m, momentum, 1);
        average = moving_variance + moving_variance0 + channel;
        *average = moving_average(*average, v, momentum, (float)M / max(1, M - 1));
    }
}

// r = 1/√(variance + ε).
kernel void channel_inverse_deviation(int C, float epsilon, global const float *variance, int variance0, global float *r, int r0)
{
    int c = get_global_id(0);
    if (c < C)
        r[r0 + c] = inverse_deviation(variance[variance0 + c], epsilon);
}

kernel void channel_moving_average(int C, float momentum, float correction, global float *average, int average0,
    global const float *value, int value0)
{
    int c = get_global_id(0);
    if (c < C)
        average[average0 + c] = moving_average(average[average0 + c], value[value0 + c], momentum, correction);
}

// scale = γ·r, shift = β + (bias − mean)·scale.
kernel void channel_fold(int C, global const float *mean, int mean0, global const float *r, int r0, global const float *gamma, int gamma0,
    global const float *beta, int beta0, global const float *bias, int bias0, global float *scale, int scale0, global float *shift,
    int shift0)
{
    int c = get_global_id(0);
    if (c >= C)
        return;
    float factor = gamma[gamma0 + c] * r[r0 + c];
    scale[scale0 + c] = factor;
    shift[shift0 + c] = fma(bias[bias0 + c] - mean[mean0 + c], factor, beta[beta0 + c]);
}

// x̂ = (x − mean)·r and z = γ·x̂ + β: what the three kernels below must agree on to the bit, since ReLU's slope depends on it.
#define X_HAT(i, c) ((x[x0 + (size_t)(i) * x_pitch + (c)] - mean[mean0 + (c)]) * r[r0 + (c)])
#define Z(x_hat, c) fma(gamma[gamma0 + (c)], x_hat, beta[beta0 + (c)])

// y = f(z).
kernel GROUP void channel_normalize(int M, int C, int flags, global const float *x, int x0, int x_pitch, global const float *mean,
    int mean0, global const float *r, int r0, global const float *gamma, int gamma0, global const float *beta, int beta0,
    global float *y, int y0, int y_pitch)
{
    int c = get_global_id(0);
    if (c >= C)
        return;
    for (int m = get_global_id(1); m < M; m += get_global_size(1)) {
        float z = Z(X_HAT(m, c), c);
        // NaN stays NaN.
        y[y0 + (size_t)m * y_pitch + c] = flags & RELU && z <= 0 ? 0 : z;
    }
}

// First stage of dγ = Σ dz·x̂ and dβ = Σ dz with dz = dy·f′(z).
kernel GROUP void channel_normalize_gradients_parts(int M, int C, int chunk, int flags, global const float *x, int x0, int x_pitch,
    global const float *mean, int mean0, global const float *r, int r0, global const float *gamma, int gamma0,
    global const float *beta, int beta0, global const float *dy, int dy0, int dy_pitch, global float *products, global float *sums_)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    int until = min((int)(get_group_id(1) + 1) * chunk, M);
    float product = 0, sum = 0;
    for (int m = get_group_id(1) * chunk + get_local_id(1); m < until && channel < C; m += LINES) {
        float x_hat = X_HAT(m, channel);
        if (!(flags & RELU) || Z(x_hat, channel) > 0) {
            float dz = dy[dy0 + (size_t)m * dy_pitch + channel];
            product = fma(dz, x_hat, product);
            sum += dz;
        }
    }
    product = lines_sum(product, sums);
    sum = lines_sum(sum, sums);
    if (get_local_id(1) == 0 && channel < C) {
        products[get_group_id(1) * C + channel] = product;
        sums_[get_group_id(1) * C + channel] = sum;
    }
}

// Second stage.
kernel GROUP void channel_normalize_gradients(int C, int chunks, global const float *products, global const float *sums_,
    global float *dgamma, int dgamma0, global float *dbeta, int dbeta0)
{
    local float sums[LINES][CHANNELS];
    int channel = get_global_id(0);
    float product = parts_sum(C, chunks, channel, products, sums);
    float sum = parts_sum(C, chunks, channel, sums_, sums);
    if (get_local_id(1) == 0 && channel < C) {
        dgamma[dgamma0 + channel] = product;
        dbeta[dbeta0 + channel] = sum;
    }
}

// dx = γ·r·(dz − dβ/M − x̂·dγ/M). dx may be dy.
kernel GROUP void channel_normalize_backward(int M, int C, int flags, float one_over_M, global const float *x, int x0, int x_pitch,
    global const float *mean, int mean0, global const float *r, int r0, global const float *gamma, int gamma0,
    global const float *beta, int beta0, global const float *dy, int dy0, int dy_pitch, global const float *dgamma, int dgamma0,
    global const float *dbeta, int dbeta0, global float *dx, int dx0, int dx_pitch)
{
    int c = get_global_id(0);
    if (c >= C)
        return;
    float scale = gamma[gamma0 + c] * r[r0 + c];
    float mean_dz = dbeta[dbeta0 + c] * one_over_M;
    float slope = dgamma[dgamma0 + c] * one_over_M;
    for (int m = get_global_id(1); m < M; m += get_global_size(1)) {
        float x_hat = X_HAT(m, c);
        float dz = !(flags & RELU) || Z(x_hat, c) > 0 ? dy[dy0 + (size_t)m * dy_pitch + c] : 0;
        float d = scale * (dz - mean_dz - x_hat * slope);
        size_t to = dx0 + (size_t)m * dx_pitch + c;
        dx[to] = flags & ADD ? dx[to] + d : d;
    }
}
