// The three products of a convolution (dae.kernel.ConvKernels), each as one tiled matrix product
//
//     C[m][n] = Σ_k A[m][k] · B[k][n]
//
//                        m                     n     k               A             B
//     conv_forward       a pixel of y          oc    (kh, kw, ic)    x, gathered   w
//     conv_backward_input a pixel of dx        ic    (kh, kw, oc)    dy, gathered  w, read across
//     conv_backward_filter (kh, kw, ic)        oc    a pixel of y    x, gathered   dy
//
// One work-group makes a tile of TM×TN numbers of C, one work-item RM×RN of them in its registers.
// The picture, and how to add a kernel, are in README.md beside this file.
//
// A program holds one of the three, chosen with -D, and is built for one layer: all extents but the number of images
// are constants.
//
//     FORWARD, BACKWARD_INPUT or BACKWARD_FILTER
//     IH IW IC OH OW OC KH KW STRIDE PAD_TOP PAD_LEFT    as in dae.kernel.Conv2dSpec
//     VA VB VC    how many floats of A and B are read, and of C written, at once: 4 where channels, pitch and offset allow
//                 it, else 1
//     ADD SCALE BIAS RELU SIGMOID    bits of the argument `flags`
//
// Tunables (tiles in dae.kernel.opencl.Tile). Each sum runs over k in ascending order whatever they are, so they change
// the speed and no bit:
//
//     TM TN    rows and columns of a work-group's tile
//     TK       how much of k lies in local memory at a time, twice: one part is used while the next is on its way
//     RM RN    rows and columns of a work-item's tile, multiples of 4; more of them means fewer reads of local memory
//              per multiply-add, and fewer work-items that hide latency

#if defined(FORWARD) || defined(BACKWARD_INPUT) || defined(BACKWARD_FILTER)

#define COLUMNS (TN / RN)
#define ITEMS ((TM / RM) * COLUMNS)
// Rows of local memory are longer than the tile, so that a column's numbers do not all lie in one bank.
#define AS (TM + 4)
#define BS (TN + 4)
#define CEIL(a, b) (((a) + (b) - 1) / (b))

#if VA == 4
typedef float4 FloatA;
#define READ_A(p) (*(global const float4 *)(p))
#else
typedef float FloatA;
#define READ_A(p) (*(p))
#endif
#if VB == 4
typedef float4 FloatB;
#define READ_B(p) (*(global const float4 *)(p))
#else
typedef float FloatB;
#define READ_B(p) (*(p))
#endif

// Which way a factor's neighbouring numbers lie in memory: along k, or along the tile's rows or columns. ACROSS numbers
// are in a vector, LINES vectors in the other direction are fetched by all items in one go, LOADS goes make a tile.
#ifdef BACKWARD_FILTER
#define A_ACROSS (TM / VA)
#define A_LOADS CEIL(TK, ITEMS / A_ACROSS)
#else
#define A_ACROSS (TK / VA)
#define A_LOADS CEIL(TM, ITEMS / A_ACROSS)
#endif
#define A_LINES (ITEMS / A_ACROSS)
#ifdef BACKWARD_INPUT
#define B_ACROSS (TK / VB)
#define B_LOADS CEIL(TN, ITEMS / B_ACROSS)
#else
#define B_ACROSS (TN / VB)
#define B_LOADS CEIL(TK, ITEMS / B_ACROSS)
#endif
#define B_LINES (ITEMS / B_ACROSS)

// c += a·b for an item's RM×RN numbers and TK steps of k.
static inline void multiply(local const float *a, local const float *b, float4 c[RM][RN / 4], int row, int column)
{
#pragma unroll 4
    for (int k = 0; k < TK; k++) {
        float4 bk[RN / 4];
#pragma unroll
        for (int j = 0; j < RN / 4; j++)
            bk[j] = *(local const float4 *)(b + k * BS + column + j * 4 * COLUMNS);
#pragma unroll
        for (int i = 0; i < RM / 4; i++) {
            float4 ak = *(local const float4 *)(a + k * AS + row + i * 4 * (TM / RM));
#pragma unroll
            for (int j = 0; j < RN / 4; j++) {
                c[4 * i][j] = fma((float4)(ak.x), bk[j], c[4 * i][j]);
                c[4 * i + 1][j] = fma((float4)(ak.y), bk[j], c[4 * i + 1][j]);
                c[4 * i + 2][j] = fma((float4)(ak.z), bk[j], c[4 * i + 2][j]);
                c[4 * i + 3][j] = fma((float4)(ak.w), bk[j], c[4 * i + 3][j]);
            }
        }
    }
}

// Four neighbours of C on their way to memory: f(scale · sum + bias), set or added.
static inline void store(float4 sum, global float *to, int n, int N, int flags, global const float *scale, global const float *bias)
{
#if VC == 4
    if (n < N) {
        if (flags & SCALE)
            sum *= vload4(0, scale + n);
        if (flags & BIAS)
            sum += vload4(0, bias + n);
        // A number that is not one stays so.
        if (flags & RELU)
            sum = select(sum, (float4)(0), sum < 0);
        if (flags & SIGMOID)
            sum = (float4)(logistic(sum.x), logistic(sum.y), logistic(sum.z), logistic(sum.w));
        if (flags & ADD)
            sum += *(global float4 *)to;
        *(global float4 *)to = sum;
    }
#else
    float v[4] = {sum.x, sum.y, sum.z, sum.w};
#pragma unroll
    for (int j = 0; j < 4; j++) {
        if (n + j < N) {
            float z = v[j];
            if (flags & SCALE)
                z *= scale[n + j];
            if (flags & BIAS)
                z += bias[n + j];
            if (flags & RELU)
                z = z < 0 ? 0 : z;
            if (flags & SIGMOID)
                z = logistic(z);
            to[j] = flags & ADD ? to[j] + z : z;
        }
    }
#endif
}

// ---------------------------------------------------------------------------------------------------------------------
// What each product multiplies. A Task is what a work-group works on; the fetch functions answer with the numbers of A
// and B at a place, and 0 beyond the edges.

#ifndef BACKWARD_FILTER

#ifdef FORWARD
// Gathered from x, pixel by pixel of y.
#define GH IH
#define GW IW
#define GC IC
#define N OC
#else
// Gathered from dy, pixel by pixel of dx. With ih = STRIDE·q + r, the taps that reach it are kh = first + STRIDE·a with
// first = (r + PAD_TOP) mod STRIDE, from oh = q + (r + PAD_TOP)/STRIDE − a. So the pixels of each remainder r, its
// class, share their taps: a product of its own, in which no zero of the stride is multiplied.
#define GH OH
#define GW OW
#define GC OC
#define N IC
#endif

typedef struct {
    int images;
    int h, w;           // extents of the pixels that are made
    int rh, rw;         // their remainders
    int fh, fw;         // first taps
    int th, tw;         // how many taps
    int K;
} Task;

static inline Task task(int images)
{
    Task t;
    t.images = images;
#ifdef FORWARD
    t.rh = t.rw = t.fh = t.fw = 0;
    t.h = OH;
    t.w = OW;
    t.th = KH;
    t.tw = KW;
#else
    int remainders = STRIDE == 1 ? 0 : get_group_id(2);
    t.rh = remainders / STRIDE;
    t.rw = remainders % STRIDE;
    t.h = (IH - t.rh + STRIDE - 1) / STRIDE;
    t.w = (IW - t.rw + STRIDE - 1) / STRIDE;
    t.fh = (t.rh + PAD_TOP) % STRIDE;
    t.fw = (t.rw + PAD_LEFT) % STRIDE;
    t.th = t.fh < KH ? (KH - t.fh + STRIDE - 1) / STRIDE : 0;
    t.tw = t.fw < KW ? (KW - t.fw + STRIDE - 1) / STRIDE : 0;
#endif
    t.K = t.th * t.tw * GC;
    return t;
}

// a / b, where b is nearly always 1 or 2 and sometimes 0: a division by what is no constant is dear.
static inline int quotient(int a, int b)
{
    return b == 1 ? a : b == 2 ? a >> 1 : a / max(b, 1);
}

// Where tap (0, 0) of a row's pixel lies.
typedef struct {
    int image, h, w;
} Row;

static inline Row row_of(Task t, int m)
{
    Row r;
    // A class may have no pixel.
    int pixels = max(t.h * t.w, 1);
    int width = max(t.w, 1);
    r.image = m / pixels;
    int h = m % pixels / width;
    int w = m % width;
#ifdef FORWARD
    r.h = h * STRIDE - PAD_TOP;
    r.w = w * STRIDE - PAD_LEFT;
#else
    r.h = h + (t.rh + PAD_TOP) / STRIDE;
    r.w = w + (t.rw + PAD_LEFT) / STRIDE;
#endif
    return r;
}

static inline FloatA fetch_a(Task t, Row r, int k, global const float *from, int pitch)
{
    int tap = k / GC;
    int kh = quotient(tap, t.tw);
    int kw = tap - kh * t.tw;
#ifdef FORWARD
    int h = r.h + kh;
    int w = r.w + kw;
#else
    int h = r.h - kh;
    int w = r.w - kw;
#endif
    bool inside = k < t.K && r.image < t.images && h >= 0 && h < GH && w >= 0 && w < GW;
    return inside ? READ_A(from + (size_t)((r.image * GH + h) * GW + w) * pitch + k % GC) : (FloatA)(0);
}

static inline FloatB fetch_b(Task t, int k, int n, global const float *w)
{
    bool inside = k < t.K && n < N;
#ifdef FORWARD
    return inside ? READ_B(w + k * OC + n) : (FloatB)(0);
#else
    int tap = k / OC;
    int a = quotient(tap, t.tw);
    int kh = t.fh + STRIDE * a;
    int kw = t.fw + STRIDE * (tap - a * t.tw);
    return inside ? READ_B(w + ((kh * KW + kw) * IC + n) * OC + k % OC) : (FloatB)(0);
#endif
}

#else

#define N OC

// A slice of the pixels: all sums are cut into slices, which another kernel adds.
typedef struct {
    int from, until;
} Task;

// Rows are (kh, kw, ic).
typedef struct {
    int kh, kw, ic;
} Row;

static inline Row row_of(int m)
{
    Row r;
    r.kh = m / (KW * IC);
    r.kw = m / IC % KW;
    r.ic = m % IC;
    return r;
}

static inline FloatA fetch_a(Task t, Row r, int k, global const float *x, int pitch)
{
    int image = k / (OH * OW);
    int h = k % (OH * OW) / OW * STRIDE - PAD_TOP + r.kh;
    int w = k % OW * STRIDE - PAD_LEFT + r.kw;
    bool inside = k < t.until && r.kh < KH && h >= 0 && h < IH && w >= 0 && w < IW;
    return inside ? READ_A(x + (size_t)((image * IH + h) * IW + w) * pitch + r.ic) : (FloatA)(0);
}

static inline FloatB fetch_b(Task t, int k, int n, global const float *dy, int pitch)
{
    return k < t.until && n < N ? READ_B(dy + (size_t)k * pitch + n) : (FloatB)(0);
}

#endif

// A vector on its way to local memory, along a row of it or down a column.
#if VA == 4
#define PUT_A_ALONG(p, v) *(local float4 *)(p) = v
#define PUT_A_DOWN(p, v) { (p)[0] = v.x; (p)[AS] = v.y; (p)[2 * AS] = v.z; (p)[3 * AS] = v.w; }
#else
#define PUT_A_ALONG(p, v) *(p) = v
#define PUT_A_DOWN(p, v) *(p) = v
#endif
#if VB == 4
#define PUT_B_ALONG(p, v) *(local float4 *)(p) = v
#define PUT_B_DOWN(p, v) { (p)[0] = v.x; (p)[BS] = v.y; (p)[2 * BS] = v.z; (p)[3 * BS] = v.w; }
#else
#define PUT_B_ALONG(p, v) *(p) = v
#define PUT_B_DOWN(p, v) *(p) = v
#endif

// Work-group (i, j, z) makes rows TM·i … and columns TN·j … of product z: a class of dx, or a slice of dw.
#ifdef BACKWARD_FILTER
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void conv_backward_filter(
    int pixels, int slice, int flags, global const float *x, int x0, int x_pitch, global const float *dy, int dy0,
    int dy_pitch, global float *dw, int dw0)
#elif defined(FORWARD)
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void conv_forward(
    int images, int flags, global const float *x, int x0, int x_pitch, global const float *w, int w0, global float *y, int y0,
    int y_pitch, global const float *scale, int scale0, global const float *bias, int bias0)
#else
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void conv_backward_input(
    int images, int flags, global const float *dy, int dy0, int dy_pitch, global const float *w, int w0, global float *dx, int dx0,
    int dx_pitch, global const float *scale, int scale0, global const float *bias, int bias0)
#endif
{
    local float as[2][TK * AS] __attribute__((aligned(16)));
    local float bs[2][TK * BS] __attribute__((aligned(16)));
    const int item = get_local_id(0);
    const int row = item / COLUMNS * 4;
    const int column = item % COLUMNS * 4;
    const int m0 = get_group_id(0) * TM;
    const int n0 = get_group_id(1) * TN;
    const int a_line = item / A_ACROSS;
    const int a_at = item % A_ACROSS * VA;
    const int b_line = item / B_ACROSS;
    const int b_at = item % B_ACROSS * VB;

#ifdef BACKWARD_FILTER
    Task t = {get_group_id(2) * slice, min((int)(get_group_id(2) + 1) * slice, pixels)};
    const int first = t.from;
    const int last = t.until;
    // All of an item's vectors of A lie in the same rows.
    Row rows = row_of(m0 + a_at);
#define FETCH_A(l) fetch_a(t, rows, k + l * A_LINES + a_line, x + x0, x_pitch)
#define FETCH_B(l) fetch_b(t, k + l * B_LINES + b_line, n0 + b_at, dy + dy0, dy_pitch)
#define PUT_A(to, l) if (l * A_LINES + a_line < TK) PUT_A_ALONG(to + (l * A_LINES + a_line) * AS + a_at, av[l])
#else
    Task t = task(images);
    const int first = 0;
    const int last = t.K;
    Row rows[A_LOADS];
#pragma unroll
    for (int l = 0; l < A_LOADS; l++)
        rows[l] = row_of(t, m0 + l * A_LINES + a_line);
#ifdef FORWARD
#define FETCH_A(l) fetch_a(t, rows[l], k + a_at, x + x0, x_pitch)
#define FETCH_B(l) fetch_b(t, k + l * B_LINES + b_line, n0 + b_at, w + w0)
#else
#define FETCH_A(l) fetch_a(t, rows[l], k + a_at, dy + dy0, dy_pitch)
#define FETCH_B(l) fetch_b(t, k + b_at, n0 + l * B_LINES + b_line, w + w0)
#endif
#define PUT_A(to, l) if (l * A_LINES + a_line < TM) PUT_A_DOWN(to + a_at * AS + l * A_LINES + a_line, av[l])
#endif
#ifdef BACKWARD_INPUT
#define PUT_B(to, l) if (l * B_LINES + b_line < TN) PUT_B_DOWN(to + b_at * BS + l * B_LINES + b_line, bv[l])
#else
#define PUT_B(to, l) if (l * B_LINES + b_line < TK) PUT_B_ALONG(to + (l * B_LINES + b_line) * BS + b_at, bv[l])
#endif

    FloatA av[A_LOADS];
    FloatB bv[B_LOADS];
    float4 c[RM][RN / 4];
#pragma unroll
    for (int i = 0; i < RM; i++)
#pragma unroll
        for (int j = 0; j < RN / 4; j++)
            c[i][j] = (float4)(0);

    // Step s uses one half of local memory while the numbers of step s + 1 are fetched and put into the other.
    for (int k = first, now = 0; k < last + TK; k += TK, now ^= 1) {
        if (k < last) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                av[l] = FETCH_A(l);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                bv[l] = FETCH_B(l);
        }
        if (k > first)
            multiply(as[now ^ 1], bs[now ^ 1], c, row, column);
        if (k < last) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                PUT_A(as[now], l);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                PUT_B(bs[now], l);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    // Unrolled, or else c would have an address and leave the registers.
#pragma unroll
    for (int i = 0; i < RM; i++) {
        int m = m0 + row + i / 4 * 4 * (TM / RM) + i % 4;
#ifdef BACKWARD_FILTER
        bool inside = m < KH * KW * IC;
        global float *to = dw + dw0 + (size_t)(get_group_id(2) * KH * KW * IC + m) * OC;
#elif defined(FORWARD)
        bool inside = m < images * t.h * t.w;
        global float *to = y + y0 + (size_t)m * y_pitch;
#else
        bool inside = m < images * t.h * t.w;
        Row r = row_of(t, m);
        // Back from the pixel of dy that its tap (0, 0) meets to the pixel itself.
        int ih = (r.h - (t.rh + PAD_TOP) / STRIDE) * STRIDE + t.rh;
        int iw = (r.w - (t.rw + PAD_LEFT) / STRIDE) * STRIDE + t.rw;
        global float *to = dx + dx0 + (size_t)((r.image * IH + ih) * IW + iw) * dx_pitch;
#endif
#pragma unroll
        for (int j = 0; j < RN / 4; j++) {
            int n = n0 + column + j * 4 * COLUMNS;
            if (inside)
#ifdef BACKWARD_FILTER
                store(c[i][j], to + n, n, N, flags, 0, 0);
#else
                store(c[i][j], to + n, n, N, flags, scale + scale0, bias + bias0);
#endif
        }
    }
}

#else

// dw = Σ over its slices, in their order: the second stage of conv_backward_filter.
kernel void conv_sum_slices(int count, int slices, int flags, global const float *parts, int parts0, global float *dw, int dw0)
{
    int i = get_global_id(0);
    if (i >= count)
        return;
    float sum = parts[parts0 + i];
    for (int s = 1; s < slices; s++)
        sum += parts[parts0 + (size_t)s * count + i];
    dw[dw0 + i] = flags & ADD ? dw[dw0 + i] + sum : sum;
}

#endif
