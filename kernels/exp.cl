// In front of every other file: the bits of the argument `flags`, and the exponential and the logistic function.

#pragma OPENCL FP_CONTRACT OFF

// As in dae.kernel.opencl.Flags: the destination is added to; the product is scaled, gets a bias, and goes through a function.
#define ADD 1
#define SCALE 2
#define BIAS 4
#define RELU 8
#define SIGMOID 16
#define LEAKY_RELU 32

// The same bits as dae.kernel.Exp.

static inline float exp_(float x)
{
    float clamped = isnan(x) ? x : fmax(-87.0f, fmin(87.0f, x));
    float k = (clamped * 1.44269504f + 12582912.0f) - 12582912.0f;
    float f = fma(-k, -2.12194440e-4f, fma(-k, 0.693359375f, clamped));
    float p = fma(1.0f / 5040, f, 1.0f / 720);
    p = fma(p, f, 1.0f / 120);
    p = fma(p, f, 1.0f / 24);
    p = fma(p, f, 1.0f / 6);
    p = fma(p, f, 0.5f);
    p = fma(p, f, 1.0f);
    p = fma(p, f, 1.0f);
    return isnan(x) ? x : p * as_float(((int)k + 127) << 23);
}

// Of a leaky ReLU left of 0, as in dae.kernel.Activation.
#define SLOPE 0.1f

static inline float logistic(float x)
{
    return 1.0f / (1.0f + exp_(-x));
}
