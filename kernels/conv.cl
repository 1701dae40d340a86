// The three products of a convolution (dae.kernel.ConvKernels), each as one tiled matrix product
//
//     C[m][n] = Σ_k A[m][k] · B[k][n]
//
//                             m                n     k               A               B
//     conv_forward            a pixel of y     oc    (kh, kw, ic)    x, gathered     w
//     conv_backward_input     a pixel of dx    ic    (kh, kw, oc)    dy, gathered    w, read across
//     conv_backward_filter    (kh, kw, ic)     oc    a pixel of y    x, gathered     dy
//
// First comes what they share, then a section for each: what its A and B are, what a work-group makes, the kernel.
// The picture of a tile, and how to add a kernel, are in README.md beside this file.

// The host names the one function that it wants, because compiling each takes a while. By default all are here.
#if !defined(FORWARD) && !defined(BACKWARD_INPUT) && !defined(BACKWARD_FILTER) && !defined(SUM_SLICES)
#define FORWARD
#define BACKWARD_INPUT
#define BACKWARD_FILTER
#define SUM_SLICES
#endif

// The layer, as in dae.kernel.Conv2dSpec. Constants, so that nothing is divided by a variable; give all or none.
#ifndef IH
#define IH 16
#define IW 16
#define IC 32
#define OH 8
#define OW 8
#define OC 64
#define KH 3
#define KW 3
#define STRIDE 2
#define PAD_TOP 0
#define PAD_LEFT 0
#endif

// How many floats of A and B are read, and of C written, at once: 4 where channels, pitch and offset allow it, else 1.
#ifndef VA
#define VA 4
#define VB 4
#define VC 4
#endif

// Tunables, whose values are in dae.kernel.opencl.Tile. Each sum runs over k in ascending order whatever they are, so they
// change the speed but no bit.

// Rows and columns of a work-group's tile of C.
#ifndef TM
#define TM 64
#endif
#ifndef TN
#define TN 64
#endif

// How much of k lies in local memory at a time, twice: one part is used while the next is on its way.
#ifndef TK
#define TK 16
#endif

// Rows and columns of a work-item's tile, multiples of 4: more of them means fewer reads of local memory per multiply-add,
// and fewer work-items that hide latency.
#ifndef RM
#define RM 4
#endif
#ifndef RN
#define RN 8
#endif

// ---------------------------------------------------------------------------------------------------------------------
// What the products share

// Work-items of a group, ROWS × COLUMNS of them.
#define ROWS (TM / RM)
#define COLUMNS (TN / RN)
#define ITEMS (ROWS * COLUMNS)
#define GROUP __attribute__((reqd_work_group_size(ITEMS, 1, 1)))

// Rows of local memory, one for each k, are longer than the tile, so that a column's elements do not all lie in one bank.
#define AS (TM + 4)
#define BS (TN + 4)
#define ALIGNED __attribute__((aligned(16)))

#define CEIL(a, b) (((a) + (b) - 1) / (b))

// One or four floats, read together and put into local memory: along a row of it, or down a column, `step` from row to row.
// JOIN(read, VA) is read1 or read4.
typedef float floats1;
typedef float4 floats4;

static inline float read1(global const float *p) { return *p; }
static inline float4 read4(global const float *p) { return *(global const float4 *)p; }
static inline void along1(local float *to, float v) { *to = v; }
static inline void along4(local float *to, float4 v) { *(local float4 *)to = v; }
static inline void down1(local float *to, int step, float v) { *to = v; }
static inline void down4(local float *to, int step, float4 v)
{
    to[0] = v.x;
    to[step] = v.y;
    to[2 * step] = v.z;
    to[3 * step] = v.w;
}

#define JOIN_(name, width) name##width
#define JOIN(name, width) JOIN_(name, width)
typedef JOIN(floats, VA) FloatA;
typedef JOIN(floats, VB) FloatB;

// A place in an image.
typedef struct {
    int image, h, w;
} Pixel;

// An item's tile is made of blocks of 4×4: its first starts at (row, column) of the group's tile, the others lie ROWS and
// COLUMNS blocks apart, so that neighbouring items read neighbouring 16-byte blocks. This is its row i.
static inline int tile_row(int row, int i)
{
    return row + i / 4 * 4 * ROWS + i % 4;
}

static inline void clear(float4 c[RM][RN / 4])
{
#pragma unroll
    for (int i = 0; i < RM; i++)
#pragma unroll
        for (int j = 0; j < RN / 4; j++)
            c[i][j] = (float4)(0);
}

// c += a·b for an item's RM×RN elements and TK steps of k.
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
            float4 ak = *(local const float4 *)(a + k * AS + row + i * 4 * ROWS);
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

// Columns n to n + 3 of a row of C on their way to memory: f(scale · sum + bias), set or added.
static inline void store4(float4 z, global float *to, int n, int N, int flags, global const float *scale,
    global const float *bias)
{
    if (n >= N)
        return;
    if (flags & SCALE)
        z *= vload4(0, scale + n);
    if (flags & BIAS)
        z += vload4(0, bias + n);
    // NaN stays NaN.
    if (flags & RELU)
        z = select(z, (float4)(0), z < 0);
    if (flags & LEAKY_RELU)
        z = select(z, SLOPE * z, z < 0);
    if (flags & SIGMOID)
        z = (float4)(logistic(z.x), logistic(z.y), logistic(z.z), logistic(z.w));
    if (flags & ADD)
        z += *(global float4 *)(to + n);
    *(global float4 *)(to + n) = z;
}

// The same, one by one.
static inline void store1(float4 sum, global float *to, int n, int N, int flags, global const float *scale,
    global const float *bias)
{
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
            if (flags & LEAKY_RELU)
                z = z < 0 ? SLOPE * z : z;
            if (flags & SIGMOID)
                z = logistic(z);
            to[n + j] = flags & ADD ? to[n + j] + z : z;
        }
    }
}

// An item's elements of one row of C, from column n on.
static inline void store(const float4 c[RN / 4], global float *to, int n, int N, int flags, global const float *scale,
    global const float *bias)
{
#pragma unroll
    for (int j = 0; j < RN / 4; j++)
        JOIN(store, VC)(c[j], to, n + j * 4 * COLUMNS, N, flags, scale, bias);
}

// All three kernels walk along k alike. In step s they fetch elements of A and B into registers, multiply those of step s − 1
// out of one half of local memory, and put the new ones into the other half. A factor's neighbouring elements lie along k, or
// along the tile's rows or columns: ACROSS items fetch a line of them, VA or VB floats each; all items fetch LINES lines at
// once, and do it LOADS times for TK steps of k. Loops over registers are unrolled: what has an address leaves them.

// ---------------------------------------------------------------------------------------------------------------------
// Forward: y[image, oh, ow, oc] = Σ x[image, oh·STRIDE − PAD_TOP + kh, ow·STRIDE − PAD_LEFT + kw, ic] · w[kh, kw, ic, oc]
//
// Work-group (i, j) makes TM pixels × TN channels:
//
//                          oc: TN    TN
//                            ┌─────┬─────┬─
//     pixels of y         TM │ 0,0 │ 0,1 │      A: a row is a pixel's patch of x, neighbours lie along k
//     (image, oh, ow)        ├─────┼─────┼─     B: a row is a row of w, neighbours lie along n
//                         TM │ 1,0 │ 1,1 │
#ifdef FORWARD

// Where tap (0, 0) of pixel m of y lies in x.
static inline Pixel forward_corner(int m)
{
    Pixel p = {m / (OH * OW), m % (OH * OW) / OW * STRIDE - PAD_TOP, m % OW * STRIDE - PAD_LEFT};
    return p;
}

// A and B are 0 outside the image and beyond the edges of the matrix.
static inline FloatA forward_a(Pixel corner, int k, int images, global const float *x, int x_pitch)
{
    int tap = k / IC;
    int h = corner.h + tap / KW;
    int w = corner.w + tap % KW;
    bool inside = tap < KH * KW && corner.image < images && h >= 0 && h < IH && w >= 0 && w < IW;
    return inside ? JOIN(read, VA)(x + (size_t)((corner.image * IH + h) * IW + w) * x_pitch + k % IC) : (FloatA)(0);
}

static inline FloatB forward_b(int k, int oc, global const float *w)
{
    return k < KH * KW * IC && oc < OC ? JOIN(read, VB)(w + k * OC + oc) : (FloatB)(0);
}

kernel GROUP void conv_forward(int images, int flags, global const float *x, int x0, int x_pitch, global const float *w,
    int w0, global float *y, int y0, int y_pitch, global const float *scale, int scale0, global const float *bias, int bias0)
{
    enum { K = KH * KW * IC };
    enum { A_ACROSS = TK / VA, A_LINES = ITEMS / A_ACROSS, A_LOADS = CEIL(TM, A_LINES) };
    enum { B_ACROSS = TN / VB, B_LINES = ITEMS / B_ACROSS, B_LOADS = CEIL(TK, B_LINES) };
    local float as[2][TK * AS] ALIGNED;
    local float bs[2][TK * BS] ALIGNED;
    const int item = get_local_id(0);
    const int row = item / COLUMNS * 4, column = item % COLUMNS * 4;
    const int a_line = item / A_ACROSS, a_at = item % A_ACROSS * VA;
    const int b_line = item / B_ACROSS, b_at = item % B_ACROSS * VB;
    const int m0 = get_group_id(0) * TM, n0 = get_group_id(1) * TN;

    Pixel corners[A_LOADS];
#pragma unroll
    for (int l = 0; l < A_LOADS; l++)
        corners[l] = forward_corner(m0 + l * A_LINES + a_line);

    FloatA av[A_LOADS];
    FloatB bv[B_LOADS];
    float4 c[RM][RN / 4];
    clear(c);
    for (int k = 0, now = 0; k < K + TK; k += TK, now ^= 1) {
        if (k < K) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                av[l] = forward_a(corners[l], k + a_at, images, x + x0, x_pitch);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                bv[l] = forward_b(k + l * B_LINES + b_line, n0 + b_at, w + w0);
        }
        if (k > 0)
            multiply(as[now ^ 1], bs[now ^ 1], c, row, column);
        if (k < K) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                if (l * A_LINES + a_line < TM)
                    JOIN(down, VA)(as[now] + a_at * AS + l * A_LINES + a_line, AS, av[l]);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                if (l * B_LINES + b_line < TK)
                    JOIN(along, VB)(bs[now] + (l * B_LINES + b_line) * BS + b_at, bv[l]);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

#pragma unroll
    for (int i = 0; i < RM; i++) {
        int m = m0 + tile_row(row, i);
        if (m < images * OH * OW)
            store(c[i], y + y0 + (size_t)m * y_pitch, n0 + column, OC, flags, scale + scale0, bias + bias0);
    }
}

#endif

// ---------------------------------------------------------------------------------------------------------------------
// Input gradient: dx[image, ih, iw, ic] = Σ dy[image, oh, ow, oc] · w[kh, kw, ic, oc]
// where oh·STRIDE − PAD_TOP + kh = ih and ow·STRIDE − PAD_LEFT + kw = iw
//
// With ih = STRIDE·q + r the taps that reach it are kh = first + STRIDE·a, where first = (r + PAD_TOP) mod STRIDE, from
// oh = q + (r + PAD_TOP)/STRIDE − a. So the pixels of each pair of remainders, a class, share their taps: a product of its own
// with k = (a, b, oc), in which no zero of the stride is multiplied. Work-group (i, j, z) makes TM pixels × TN channels of
// class z; here STRIDE is 2:
//
//     0 1 0 1              ic: TN    TN
//     2 3 2 3                ┌─────┬─────┬─
//     0 1 0 1   pixels    TM │ 0,0 │ 0,1 │      A: a row is a pixel's patch of dy, neighbours lie along k
//     2 3 2 3   of dx        ├─────┼─────┼─     B: a column is a channel's elements of w, neighbours lie along k
//                         TM │ 1,0 │ 1,1 │
#ifdef BACKWARD_INPUT

typedef struct {
    int rh, rw;         // remainders of its pixels
    int h, w;           // how many they are, down and across
    int fh, fw;         // first taps
    int th, tw;         // how many taps
} PixelClass;

static inline PixelClass pixel_class(int z)
{
    PixelClass p;
    p.rh = z / STRIDE;
    p.rw = z % STRIDE;
    p.h = (IH - p.rh + STRIDE - 1) / STRIDE;
    p.w = (IW - p.rw + STRIDE - 1) / STRIDE;
    p.fh = (p.rh + PAD_TOP) % STRIDE;
    p.fw = (p.rw + PAD_LEFT) % STRIDE;
    p.th = p.fh < KH ? (KH - p.fh + STRIDE - 1) / STRIDE : 0;
    p.tw = p.fw < KW ? (KW - p.fw + STRIDE - 1) / STRIDE : 0;
    return p;
}

// a / b, where b is nearly always 1 or 2 and sometimes 0: a division by a variable is slow.
static inline int quotient(int a, int b)
{
    return b == 1 ? a : b == 2 ? a >> 1 : a / max(b, 1);
}

// Pixel m of a class, counted within it. A class may have no pixel.
static inline Pixel class_pixel(PixelClass p, int m)
{
    int pixels = max(p.h * p.w, 1), width = max(p.w, 1);
    Pixel q = {m / pixels, m % pixels / width, m % width};
    return q;
}

// The pixel of dy that its first tap meets.
static inline Pixel input_corner(PixelClass p, int m)
{
    Pixel o = class_pixel(p, m);
    o.h += (p.rh + PAD_TOP) / STRIDE;
    o.w += (p.rw + PAD_LEFT) / STRIDE;
    return o;
}

static inline FloatA input_a(PixelClass p, Pixel corner, int k, int images, global const float *dy, int dy_pitch)
{
    int tap = k / OC;
    int a = quotient(tap, p.tw);
    int h = corner.h - a;
    int w = corner.w - (tap - a * p.tw);
    bool inside = k < p.th * p.tw * OC && corner.image < images && h >= 0 && h < OH && w >= 0 && w < OW;
    return inside ? JOIN(read, VA)(dy + (size_t)((corner.image * OH + h) * OW + w) * dy_pitch + k % OC) : (FloatA)(0);
}

static inline FloatB input_b(PixelClass p, int k, int ic, global const float *w)
{
    int tap = k / OC;
    int a = quotient(tap, p.tw);
    int kh = p.fh + STRIDE * a;
    int kw = p.fw + STRIDE * (tap - a * p.tw);
    bool inside = k < p.th * p.tw * OC && ic < IC;
    return inside ? JOIN(read, VB)(w + ((kh * KW + kw) * IC + ic) * OC + k % OC) : (FloatB)(0);
}

kernel GROUP void conv_backward_input(int images, int flags, global const float *dy, int dy0, int dy_pitch,
    global const float *w, int w0, global float *dx, int dx0, int dx_pitch, global const float *scale, int scale0,
    global const float *bias, int bias0)
{
    enum { A_ACROSS = TK / VA, A_LINES = ITEMS / A_ACROSS, A_LOADS = CEIL(TM, A_LINES) };
    enum { B_ACROSS = TK / VB, B_LINES = ITEMS / B_ACROSS, B_LOADS = CEIL(TN, B_LINES) };
    local float as[2][TK * AS] ALIGNED;
    local float bs[2][TK * BS] ALIGNED;
    const int item = get_local_id(0);
    const int row = item / COLUMNS * 4, column = item % COLUMNS * 4;
    const int a_line = item / A_ACROSS, a_at = item % A_ACROSS * VA;
    const int b_line = item / B_ACROSS, b_at = item % B_ACROSS * VB;
    const int m0 = get_group_id(0) * TM, n0 = get_group_id(1) * TN;
    const PixelClass p = pixel_class(STRIDE == 1 ? 0 : get_group_id(2));
    const int K = p.th * p.tw * OC;

    Pixel corners[A_LOADS];
#pragma unroll
    for (int l = 0; l < A_LOADS; l++)
        corners[l] = input_corner(p, m0 + l * A_LINES + a_line);

    FloatA av[A_LOADS];
    FloatB bv[B_LOADS];
    float4 c[RM][RN / 4];
    clear(c);
    for (int k = 0, now = 0; k < K + TK; k += TK, now ^= 1) {
        if (k < K) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                av[l] = input_a(p, corners[l], k + a_at, images, dy + dy0, dy_pitch);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                bv[l] = input_b(p, k + b_at, n0 + l * B_LINES + b_line, w + w0);
        }
        if (k > 0)
            multiply(as[now ^ 1], bs[now ^ 1], c, row, column);
        if (k < K) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                if (l * A_LINES + a_line < TM)
                    JOIN(down, VA)(as[now] + a_at * AS + l * A_LINES + a_line, AS, av[l]);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                if (l * B_LINES + b_line < TN)
                    JOIN(down, VB)(bs[now] + b_at * BS + l * B_LINES + b_line, BS, bv[l]);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

#pragma unroll
    for (int i = 0; i < RM; i++) {
        int m = m0 + tile_row(row, i);
        Pixel q = class_pixel(p, m);
        int ih = STRIDE * q.h + p.rh, iw = STRIDE * q.w + p.rw;
        if (m < images * p.h * p.w)
            store(c[i], dx + dx0 + (size_t)((q.image * IH + ih) * IW + iw) * dx_pitch, n0 + column, IC, flags, scale + scale0,
                bias + bias0);
    }
}

#endif

// ---------------------------------------------------------------------------------------------------------------------
// Filter gradient: dw[kh, kw, ic, oc] =
// Σ x[image, oh·STRIDE − PAD_TOP + kh, ow·STRIDE − PAD_LEFT + kw, ic] · dy[image, oh, ow, oc]
//
// The sum runs over the pixels of all images and is cut into slices of them. Work-group (i, j, z) makes TM rows × TN channels
// of slice z, which has a dw of its own behind that of slice z − 1; conv_sum_slices adds them:
//
//                          oc: TN    TN
//                            ┌─────┬─────┬─
//     rows of w           TM │ 0,0 │ 0,1 │      A: a column is a pixel's patch of x, neighbours lie along m
//     (kh, kw, ic)           ├─────┼─────┼─     B: a row is a pixel of dy, neighbours lie along n
//                         TM │ 1,0 │ 1,1 │
#ifdef BACKWARD_FILTER

typedef struct {
    int kh, kw, ic;
} Tap;

static inline Tap filter_tap(int m)
{
    Tap t = {m / (KW * IC), m / IC % KW, m % IC};
    return t;
}

static inline FloatA filter_a(Tap t, int k, int until, global const float *x, int x_pitch)
{
    int image = k / (OH * OW);
    int h = k % (OH * OW) / OW * STRIDE - PAD_TOP + t.kh;
    int w = k % OW * STRIDE - PAD_LEFT + t.kw;
    bool inside = k < until && t.kh < KH && h >= 0 && h < IH && w >= 0 && w < IW;
    return inside ? JOIN(read, VA)(x + (size_t)((image * IH + h) * IW + w) * x_pitch + t.ic) : (FloatA)(0);
}

static inline FloatB filter_b(int k, int until, int oc, global const float *dy, int dy_pitch)
{
    return k < until && oc < OC ? JOIN(read, VB)(dy + (size_t)k * dy_pitch + oc) : (FloatB)(0);
}

kernel GROUP void conv_backward_filter(int pixels, int slice, int flags, global const float *x, int x0, int x_pitch,
    global const float *dy, int dy0, int dy_pitch, global float *dw, int dw0)
{
    enum { A_ACROSS = TM / VA, A_LINES = ITEMS / A_ACROSS, A_LOADS = CEIL(TK, A_LINES) };
    enum { B_ACROSS = TN / VB, B_LINES = ITEMS / B_ACROSS, B_LOADS = CEIL(TK, B_LINES) };
    local float as[2][TK * AS] ALIGNED;
    local float bs[2][TK * BS] ALIGNED;
    const int item = get_local_id(0);
    const int row = item / COLUMNS * 4, column = item % COLUMNS * 4;
    const int a_line = item / A_ACROSS, a_at = item % A_ACROSS * VA;
    const int b_line = item / B_ACROSS, b_at = item % B_ACROSS * VB;
    const int m0 = get_group_id(0) * TM, n0 = get_group_id(1) * TN;
    const int from = get_group_id(2) * slice, until = min(from + slice, pixels);

    // All of an item's elements of A lie in the same rows.
    const Tap tap = filter_tap(m0 + a_at);

    FloatA av[A_LOADS];
    FloatB bv[B_LOADS];
    float4 c[RM][RN / 4];
    clear(c);
    for (int k = from, now = 0; k < until + TK; k += TK, now ^= 1) {
        if (k < until) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                av[l] = filter_a(tap, k + l * A_LINES + a_line, until, x + x0, x_pitch);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                bv[l] = filter_b(k + l * B_LINES + b_line, until, n0 + b_at, dy + dy0, dy_pitch);
        }
        if (k > from)
            multiply(as[now ^ 1], bs[now ^ 1], c, row, column);
        if (k < until) {
#pragma unroll
            for (int l = 0; l < A_LOADS; l++)
                if (l * A_LINES + a_line < TK)
                    JOIN(along, VA)(as[now] + (l * A_LINES + a_line) * AS + a_at, av[l]);
#pragma unroll
            for (int l = 0; l < B_LOADS; l++)
                if (l * B_LINES + b_line < TK)
                    JOIN(along, VB)(bs[now] + (l * B_LINES + b_line) * BS + b_at, bv[l]);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    global float *part = dw + dw0 + (size_t)get_group_id(2) * (KH * KW * IC * OC);
#pragma unroll
    for (int i = 0; i < RM; i++) {
        int m = m0 + tile_row(row, i);
        if (m < KH * KW * IC)
            store(c[i], part + (size_t)m * OC, n0 + column, OC, flags, 0, 0);
    }
}

#endif

// Its second stage: dw = Σ over the slices, in their order. An item makes one element.
#ifdef SUM_SLICES

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
