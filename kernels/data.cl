// What stands in front of a model (dae.kernel.DataKernels). A work-item makes one element, so that neighbouring items read and write
// neighbouring places; only the noises make four, because a block of random words gives four.
//
// Extents: `count` elements in pixels of C channels; image tensors come as (buffer, first element, pitch). Where all pixels
// follow without a gap, the host says C = count and no index is divided.
//
// Everything here gives the same bits as the scalar definition: no product and sum may be merged unless fma says so.

#pragma OPENCL FP_CONTRACT OFF

// Where element i of an image tensor lies.
static inline size_t at(int i, int C, int first, int pitch)
{
    // A division costs more than the rest of most kernels here.
    return i < C ? first + i : first + (size_t)(i / C) * pitch + i % C;
}

// clean = byte / 255.
kernel void data_pixels(int count, int C, global const uchar *bytes, global float *clean, int clean0, int clean_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        clean[at(i, C, clean0, clean_pitch)] = bytes[i] / 255.0f;
}

// y = value.
kernel void data_constant(int count, int C, float value, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        y[at(i, C, y0, y_pitch)] = value;
}

// y = level of its image, which has `size` elements.
kernel void data_levels(int count, int size, int C, global const float *level, global float *y, int y0, int y_pitch)
{
    int i = get_global_id(0);
    if (i < count)
        y[at(i, C, y0, y_pitch)] = level[i / size];
}

// ---------------------------------------------------------------------------------------------------------------------
// Random numbers: dae.random.Philox, dae.random.Normals, dae.random.NormalQuantile and dae.kernel.Poisson, line by line.

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

static inline float quantile(uint word)
{
    float x = (float)(2 * (int)(word >> 8) + 1 - (1 << 24)) * 0x1p-24f;
    float size = fabs(x);
    float w = -log_((1.0f - size) * (1.0f + size));
    float t, p;
    if (w < 5) {
        t = w - 2.5f;
        p = 2.81022636e-08f;
        p = fma(p, t, 3.43273939e-07f);
        p = fma(p, t, -3.5233877e-06f);
        p = fma(p, t, -4.39150654e-06f);
        p = fma(p, t, 0.00021858087f);
        p = fma(p, t, -0.00125372503f);
        p = fma(p, t, -0.00417768164f);
        p = fma(p, t, 0.246640727f);
        p = fma(p, t, 1.50140941f);
    } else {
        t = sqrt(w) - 3.0f;
        p = -0.000200214257f;
        p = fma(p, t, 0.000100950558f);
        p = fma(p, t, 0.00134934322f);
        p = fma(p, t, -0.00367342844f);
        p = fma(p, t, 0.00573950773f);
        p = fma(p, t, -0.0076224613f);
        p = fma(p, t, 0.00943887047f);
        p = fma(p, t, 1.00167406f);
        p = fma(p, t, 2.83297682f);
    }
    return 1.4142135f * x * p;
}

// Of a small mean: the probabilities that a uniform number has passed.
static inline float poisson_sum(float mean, uint word)
{
    float u = (float)(word >> 8) * 0x1p-24f;
    float p = exp_(-mean);
    float sum = p;
    int k = 0;
    while (u >= sum && p > 0x1p-25f) {
        k++;
        p *= mean * (1.0f / k);
        sum += p;
    }
    return k;
}

// Of a large mean: Cornish and Fisher's expansion.
static inline float poisson_expand(float mean, uint word)
{
    float z = quantile(word);
    float root = sqrt(mean);
    float inverse = 1.0f / root;
    float square = z * z;
    float third = fma(fma(square, 1.0f / 270, 7.0f / 810), square, -(8.0f / 405));
    float second = fma(square, -(1.0f / 72), -(1.0f / 36)) * z;
    float first = fma(square, 1.0f / 6, 1.0f / 3);
    float c = fma(fma(third, inverse, second), inverse, first);
    return (int)fmax(0.0f, mean + fma(root, z, c));
}

// ---------------------------------------------------------------------------------------------------------------------
// The noises: dae.kernel.PixelNoise. Item (b, i) is block b of image i, whose words serve the places b, b + blocks … of `size`.

// noisy = clip(clean + σ·normal, 0, 1).
kernel void data_gaussian(int size, int blocks, int C, uint key0, uint key1, uint epoch, uint stream, global const int *images,
    global const float *sigma, global const float *clean, int clean0, int clean_pitch, global float *noisy, int noisy0,
    int noisy_pitch)
{
    int b = get_global_id(0);
    int i = get_global_id(1);
    if (b >= blocks)
        return;
    uint4 word = philox((uint4)(b, images[i], epoch, stream), (uint2)(key0, key1));
    float radius0 = radius(word.x), radius1 = radius(word.z);
    uint turn0 = word.y >> 8, turn1 = word.w >> 8;
    float normal[4] = {
        radius0 * wave(turn0, 1), radius0 * wave(turn0, 0), radius1 * wave(turn1, 1), radius1 * wave(turn1, 0)};
    for (int quarter = 0; quarter < 4; quarter++) {
        int position = b + quarter * blocks;
        if (position < size) {
            int element = i * size + position;
            float value = fma(sigma[i], normal[quarter], clean[at(element, C, clean0, clean_pitch)]);
            noisy[at(element, C, noisy0, noisy_pitch)] = value > 1 ? 1 : value < 0 ? 0 : value;
        }
    }
}

// noisy = min(k / peak, 1), k Poisson-distributed of mean clean·peak.
kernel void data_poisson(int size, int blocks, int C, uint key0, uint key1, uint epoch, uint stream, global const int *images,
    float peak, global const float *clean, int clean0, int clean_pitch, global float *noisy, int noisy0, int noisy_pitch)
{
    int b = get_global_id(0);
    int i = get_global_id(1);
    if (b >= blocks)
        return;
    uint4 block = philox((uint4)(b, images[i], epoch, stream), (uint2)(key0, key1));
    uint word[4] = {block.x, block.y, block.z, block.w};
    for (int quarter = 0; quarter < 4; quarter++) {
        int position = b + quarter * blocks;
        if (position < size) {
            int element = i * size + position;
            float mean = clean[at(element, C, clean0, clean_pitch)] * peak;
            float count = mean < 10 ? poisson_sum(mean, word[quarter]) : poisson_expand(mean, word[quarter]);
            noisy[at(element, C, noisy0, noisy_pitch)] = fmin(1.0f, count / peak);
        }
    }
}

// All C channels of a pixel become 0 where u < share / 2, 1 where otherwise u < share. Places are pixels.
kernel void data_salt_pepper(int size, int blocks, int C, uint key0, uint key1, uint epoch, uint stream, global const int *images,
    float share, global const float *clean, int clean0, int clean_pitch, global float *noisy, int noisy0, int noisy_pitch)
{
    int b = get_global_id(0);
    int i = get_global_id(1);
    if (b >= blocks)
        return;
    uint4 block = philox((uint4)(b, images[i], epoch, stream), (uint2)(key0, key1));
    uint word[4] = {block.x, block.y, block.z, block.w};
    for (int quarter = 0; quarter < 4; quarter++) {
        int position = b + quarter * blocks;
        if (position < size) {
            float u = (float)(word[quarter] >> 8) * 0x1p-24f;
            size_t pixel = (size_t)i * size + position;
            for (int c = 0; c < C; c++) {
                float x = clean[clean0 + pixel * clean_pitch + c];
                noisy[noisy0 + pixel * noisy_pitch + c] = u < share / 2 ? 0 : u < share ? 1 : x;
            }
        }
    }
}
